/// An integration: a monitoring system that may send alerts with this source's key.
package struct AlertSource: Sendable, Hashable, Identifiable {
    package let id: SourceID
    package var name: String
    /// Which sender's payload is expected: `generic`, `grafana`, `alertmanager`, …
    package var kind: String
    package var teamID: TeamID
    /// The policy of incidents that this source opens; the team's default when nil.
    package var policyID: PolicyID?
    /// The severity of alerts that name none.
    package var defaultSeverity: Severity
    package var isEnabled: Bool
    /// A new alert of a resolved incident within this time reopens it instead of opening another; zero: never.
    package var reopenWindow: Duration
    /// An incident resolves by itself when nothing was heard of it for so long; nil: never.
    package var autoResolveAfter: Duration?
    /// Settings of the sender's kind, as JSON (a mapping's paths, a topic allow-list, a grouping label).
    package var options: String
    /// SHA-256 of the key, as lower-case hex: the key itself is not kept.
    package var keyHash: String
    /// The key's first characters, to tell keys apart on a page.
    package var keyHint: String

    package init(
        id: SourceID, name: String, kind: String = "generic", teamID: TeamID, policyID: PolicyID? = nil,
        defaultSeverity: Severity = .critical, isEnabled: Bool = true, reopenWindow: Duration = .zero,
        autoResolveAfter: Duration? = nil, options: String = "{}", keyHash: String = "", keyHint: String = ""
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
    }
}
