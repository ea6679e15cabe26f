/// Whom to page, and in which order, until somebody acknowledges the incident.
package struct EscalationPolicy: Sendable, Hashable, Identifiable {
    package let id: PolicyID
    package var name: String
    package var teamID: TeamID
    /// At most `Limits.steps`.
    package var steps: [Step]
    /// How many more times to go through the steps after the first round.
    package var repeats: Int
    package var finalAction: FinalAction
    /// An acknowledged incident triggers again if it is not resolved within this time. Nil disables it.
    package var acknowledgementTimeout: Duration?
    /// Severities with high urgency. All others have low urgency.
    package var urgentSeverities: Set<Severity>
    /// How long incidents must last before they page. Nil means not at all.
    package var holdOff: HoldOff?
    /// The first route that matches an alert hands it to another policy.
    package var routes: [Route]

    package init(
        id: PolicyID, name: String, teamID: TeamID, steps: [Step], repeats: Int = 2,
        finalAction: FinalAction = .stay, acknowledgementTimeout: Duration? = nil,
        urgentSeverities: Set<Severity> = [.critical, .error], routes: [Route] = [],
        holdOff: HoldOff? = nil
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.steps = steps
        self.repeats = repeats
        self.finalAction = finalAction
        self.acknowledgementTimeout = acknowledgementTimeout
        self.urgentSeverities = urgentSeverities
        self.routes = routes
        self.holdOff = holdOff
    }

    package func urgency(of severity: Severity) -> Urgency { urgentSeverities.contains(severity) ? .high : .low }

    /// The limits of a policy.
    package enum Limits {
        package static let steps = 20
        package static let targetsPerStep = 20
        package static let repeats = 20
        package static let shortestDelay: Duration = .seconds(1)
        package static let longestDelay: Duration = .days(30)
        package static let routes = 50
    }

    /// The people to page together, and the time until the next step.
    package struct Step: Sendable, Hashable {
        package var targets: [Target]
        package var delay: Duration

        package init(targets: [Target], delay: Duration) {
            self.targets = targets
            self.delay = delay
        }
    }

    /// Whom a step pages.
    package enum Target: Sendable, Hashable {
        case user(UserID)
        /// The people on call when the step runs.
        case schedule(ScheduleID)
        /// All members of the team.
        case team(TeamID)
        /// One member of the team, a different one for each incident.
        case roundRobin(TeamID)
        /// A post to a channel of a team. It never counts as a person reached.
        case channel(TeamChannelID)
    }

    /// What to do after the last step of the last round.
    package enum FinalAction: String, Sendable, CaseIterable {
        case stay
        case notifyAdministrators
    }

    /// A condition that hands alerts to another policy.
    package struct Route: Sendable, Hashable {
        /// Matches any of these severities. Empty matches all.
        package var severities: Set<Severity>
        /// Matches alerts that have all of these labels with these values.
        package var labels: [String: String]
        /// Nil matches at any time.
        package var hours: ZonedHours?
        package var policyID: PolicyID

        package init(
            severities: Set<Severity> = [], labels: [String: String] = [:], hours: ZonedHours? = nil, policyID: PolicyID
        ) {
            self.severities = severities
            self.labels = labels
            self.hours = hours
            self.policyID = policyID
        }
    }
}
