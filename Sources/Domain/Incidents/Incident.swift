/// A problem that people own. An alert opens it, people are paged until one acknowledges it, and resolution ends it.
package struct Incident: Sendable, Hashable, Identifiable {
    package let id: IncidentID
    /// The number that people use. It is 0 until the incident is first stored.
    package var number: Int
    /// Increases with every commit. A writer must name the version on which it decided.
    package var version: Int
    package let sourceID: SourceID?
    package let teamID: TeamID
    package let dedupKey: DedupKey
    package var title: String
    package var text: String
    package var severity: Severity
    package var links: [Link]
    package var labels: [String: String]
    /// The policy at the time of opening or reassignment. Later edits affect only later incidents.
    package var policy: EscalationPolicy
    package var state: State
    /// The number of turns so far. Each step that pages somebody is one turn. A rule fires at most once in a turn.
    package var cycle: Int
    package var alertCount: Int
    package let openedAt: Timestamp
    /// When the current episode began, by the sender's clock. Nil when the sender does not say.
    package var startsAt: Timestamp?
    package var lastAlertAt: Timestamp
    package var updatedAt: Timestamp
    /// When it resolves by itself unless another alert arrives. Nil means never. A resolved incident keeps it for an undo.
    package var autoResolvesAt: Timestamp?
    /// The alerts of a grouped incident, by dedup key. Empty for other incidents.
    package var alerts: [String: GroupedAlert] = [:]
    /// The state before the latest acknowledgement or resolution. The incident returns to it if that is undone, or if
    /// the source or silence resolved it and the alert fires again soon.
    package var beforeResolution: State?
    /// A person's latest snooze, escalation or hand-over. It can be taken back while its result still stands.
    package var latestDeed: Deed?

    package init(
        id: IncidentID, number: Int = 0, version: Int = 0, sourceID: SourceID?, teamID: TeamID, dedupKey: DedupKey,
        title: String, text: String, severity: Severity, links: [Link], labels: [String: String],
        policy: EscalationPolicy, state: State, cycle: Int = 0, alertCount: Int = 1, openedAt: Timestamp,
        startsAt: Timestamp? = nil, lastAlertAt: Timestamp? = nil, updatedAt: Timestamp? = nil,
        autoResolvesAt: Timestamp? = nil
    ) {
        self.id = id
        self.number = number
        self.version = version
        self.sourceID = sourceID
        self.teamID = teamID
        self.dedupKey = dedupKey
        self.title = title
        self.text = text
        self.severity = severity
        self.links = links
        self.labels = labels
        self.policy = policy
        self.state = state
        self.cycle = cycle
        self.alertCount = alertCount
        self.openedAt = openedAt
        self.startsAt = startsAt
        self.lastAlertAt = lastAlertAt ?? openedAt
        self.updatedAt = updatedAt ?? openedAt
        self.autoResolvesAt = autoResolvesAt
    }

    package var urgency: Urgency { policy.urgency(of: severity) }

    /// When the escalation clock must next check the incident. Nil when nothing is due.
    package var nextEscalationAt: Timestamp? {
        switch (state.timer, isOpen ? autoResolvesAt : nil) {
        case (let timer?, let silence?): min(timer, silence)
        case (let timer, let silence): timer ?? silence
        }
    }

    package var isOpen: Bool {
        switch state {
        case .triggered, .acknowledged: true
        case .resolved: false
        }
    }
}
