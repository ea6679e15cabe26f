/// A monitoring system that may send alerts with this source's key.
package struct AlertSource: Sendable, Hashable, Identifiable {
    package let id: SourceID
    package var name: String
    /// The payload format to expect: `generic`, `grafana`, `alertmanager`, …
    package var kind: String
    package var teamID: TeamID
    /// The policy for incidents that this source opens. Nil means the team's default.
    package var policyID: PolicyID?
    /// The severity of alerts that do not name one.
    package var defaultSeverity: Severity
    package var isEnabled: Bool
    /// A new alert within this time after resolution reopens the incident instead of opening another. Zero disables it.
    package var reopenWindow: Duration
    /// An incident resolves by itself after this long without an alert. Nil disables it.
    package var autoResolveAfter: Duration?
    /// How long its incidents must last before they page. Nil leaves it to the policy.
    package var holdOff: HoldOff?
    /// Settings for the source's kind, as JSON: a mapping's paths, a topic allow list, a grouping label.
    package var options: String
    /// SHA-256 of the key in lower-case hex. The key itself is not stored.
    package var keyHash: String
    /// The first characters of the key, to tell keys apart in the web interface.
    package var keyHint: String

    package init(
        id: SourceID, name: String, kind: String = "generic", teamID: TeamID, policyID: PolicyID? = nil,
        defaultSeverity: Severity = .critical, isEnabled: Bool = true, reopenWindow: Duration = .zero,
        autoResolveAfter: Duration? = nil, options: String = "{}", keyHash: String = "", keyHint: String = "",
        holdOff: HoldOff? = nil
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.teamID = teamID
        self.policyID = policyID
        self.defaultSeverity = defaultSeverity
        self.isEnabled = isEnabled
        self.reopenWindow = reopenWindow
        self.autoResolveAfter = autoResolveAfter
        self.options = options
        self.keyHash = keyHash
        self.keyHint = keyHint
        self.holdOff = holdOff
    }
}
