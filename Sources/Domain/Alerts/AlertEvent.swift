/// One signal from a monitoring system, in PagerPal's terms. Every integration decodes its payloads into events.
package struct AlertEvent: Sendable, Hashable {
    /// What the sender says about the problem.
    package enum Status: String, Sendable {
        case firing, resolved
        /// Somebody acknowledged it in the sending system (PagerDuty and Opsgenie clients).
        case acknowledged
        /// Recorded on an open incident, but never opens one: change events, notes, paused rules.
        case informational
    }

    package var status: Status
    /// Never empty, one line, at most `Limits.title` characters.
    package var title: String
    /// Further lines, at most `Limits.text` characters. Empty when there are none.
    package var text: String
    /// Nil when the sender named none. The source's default severity then applies.
    package var severity: Severity?
    /// Two events of one source with the same key belong to the same problem.
    package var dedupKey: DedupKey
    package var links: [Link]
    package var labels: [String: String]
    /// When the problem began, by the sender's clock. Nil when it is unknown, zero or unreadable.
    package var startsAt: Timestamp?
    /// Whether the sender gives each episode its own start time. If it does, PagerPal can tell a late copy, such as one
    /// from the other node of a redundant pair, from a new episode.
    package var namesEpisode = false
    /// When the problem ended, by the sender's clock.
    package var endsAt: Timestamp?
    /// When the sender considers a firing alert over unless it is repeated. Nil when the sender does not say.
    package var expiresAt: Timestamp?
    /// What the dedup key is made of, as `host=db1`. Empty when the sender named the key and nothing more is known of it.
    package var keyParts: [String] = []
    /// The team and the escalation policy that the sender names, if any.
    package var team: String?
    package var policy: String?
    /// Set when the source groups its alerts. All events of a group share one incident, and `dedupKey` tells its alerts
    /// apart.
    package var group: DedupKey?
    /// The derived key that an earlier version gave this alert. An incident that was opened under it is still open under it.
    package var formerKey: DedupKey?

    package init(
        status: Status = .firing, title: String, text: String = "", severity: Severity? = nil, dedupKey: DedupKey,
        links: [Link] = [], labels: [String: String] = [:], startsAt: Timestamp? = nil, endsAt: Timestamp? = nil,
        team: String? = nil, policy: String? = nil, group: DedupKey? = nil
    ) {
        self.status = status
        self.title = title
        self.text = text
        self.severity = severity
        self.dedupKey = dedupKey
        self.links = links
        self.labels = labels
        self.startsAt = startsAt
        self.endsAt = endsAt
        self.team = team
        self.policy = policy
        self.group = group
    }

    /// Groups this event with all alerts that have the same value of a label. An alert without the label stays on its
    /// own.
    package mutating func join(groupBy label: String) {
        if let value = labels[label] { group = DedupKey("group:\(label)=\(value)") }
    }

    /// The key that finds the incident: the group's key, or else the alert's own.
    package var incidentKey: DedupKey { group ?? dedupKey }

    /// The limits of one event. Longer texts end in an ellipsis; surplus labels and links are dropped.
    package enum Limits {
        /// Characters of a title.
        package static let title = 500
        /// Characters of the text below it.
        package static let text = 15_000
        /// Labels of one event.
        package static let labels = 64
        /// Characters of a label's name or value.
        package static let label = 1_000
        /// Parts of a dedup key that are kept for people.
        package static let keyParts = 12
        /// Links of one event.
        package static let links = 10
        /// Bytes of a link's address.
        package static let url = 2_000
    }
}

/// A link for responders: a dashboard, a runbook, or the sender's own page for the alert.
package struct Link: Sendable, Hashable {
    package var title: String
    /// Always http or https.
    package let url: String

    /// Nil unless the address is http or https, has a host, and is within `AlertEvent.Limits.url`.
    package init?(title: String, url: String) {
        let address = url.trimmingBlanks()
        let scheme = address.prefix(8).lowercased()
        let rest =
            scheme.hasPrefix("https://")
            ? address.dropFirst(8) : scheme.hasPrefix("http://") ? address.dropFirst(7) : ""
        guard let first = rest.unicodeScalars.first, first != "/", address.utf8.count <= AlertEvent.Limits.url,
            !address.unicodeScalars.contains(where: { $0.value <= 32 || $0 == "\"" || $0 == "<" || $0 == ">" })
        else { return nil }
        self.title = title
        self.url = address
    }

    /// Restores a stored link. It was checked when it was created.
    package init(checkedTitle title: String, url: String) {
        self.title = title
        self.url = url
    }
}
