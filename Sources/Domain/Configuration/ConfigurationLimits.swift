/// The limits of the configuration.
package enum ConfigurationLimits {
    /// Characters of any name.
    package static let name = 100
    /// Members of a team.
    package static let members = 200
    package static let contactMethods = 20
    /// Channels of one team.
    package static let teamChannels = 20
    /// Notification rules of one person and one urgency.
    package static let rules = 20
    package static let longestRuleDelay: Duration = .hours(24)
    package static let layers = 20
    /// Places in a rotation.
    package static let participants = 100
    package static let restrictions = 50
    /// Overrides of a schedule that are not over yet.
    package static let overrides = 500
    /// All stored overrides of a schedule, including those that are over.
    package static let storedOverrides = 5_000
    /// Units in one turn.
    package static let rotation = 1...1_000
    package static let longestOverride: Duration = .days(366)
}
