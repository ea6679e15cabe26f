/// The problem that people own: opened by an alert, paged until somebody acknowledges it, closed when resolved.
package struct Incident: Sendable, Hashable, Identifiable {
    package let id: IncidentID
    /// The number that people say and type; 0 until it is stored for the first time.
    package var number: Int
    /// Counts the commits; a writer must name the version that it decided on.
    package var version: Int
    package let sourceID: SourceID?
    package let teamID: TeamID
    package let dedupKey: DedupKey
    package var title: String
    package var text: String
    package var severity: Severity
    package var links: [Link]
    package var labels: [String: String]
    /// The policy as it was when the incident was opened or reassigned: later edits touch only later incidents.
    package var policy: EscalationPolicy
    package var state: State
    /// Turns so far: each step that pages somebody is one. It keeps a rule from firing twice in a turn.
    package var cycle: Int
    package var alertCount: Int
    package let openedAt: Timestamp
    /// When the current episode began by the sender's clock, if it says so.
    package var startsAt: Timestamp?
    package var lastAlertAt: Timestamp
    package var updatedAt: Timestamp
    /// When it resolves by itself unless another alert comes; nil: never.
    package var autoResolvesAt: Timestamp?
    /// The alerts of an incident that groups several, by their dedup keys; empty for any other incident.
    package var alerts: [String: GroupedAlert] = [:]
    /// Where it stood when its source, or silence, resolved it: it goes on there when the alert comes back soon.
    package var beforeResolution: State?

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

    /// When the escalation clock has to look at it again; nil when nothing is due.
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
