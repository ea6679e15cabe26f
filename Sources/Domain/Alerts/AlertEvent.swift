/// One signal of a monitoring system, in PagerPal's words: what every sender's payload is decoded to.
package struct AlertEvent: Sendable, Hashable {
    /// What the sender says about the problem.
    package enum Status: String, Sendable {
        case firing, resolved
        /// Somebody took it in the sending system (PagerDuty and Opsgenie clients).
        case acknowledged
        /// Worth recording on an open incident, never worth opening one (change events, notes, paused rules).
        case informational
    }

    package var status: Status
    /// Never empty, one line, at most `Limits.title` characters.
    package var title: String
    /// More lines, at most `Limits.text` characters; empty when there are none.
    package var text: String
    /// Nil when the sender said nothing about it: the source's default counts.
    package var severity: Severity?
    /// Two events with the same key of one source are the same problem.
    package var dedupKey: DedupKey
    package var links: [Link]
    package var labels: [String: String]
    /// When the problem began, by the sender's clock; nil when unknown, zero or unreadable.
    package var startsAt: Timestamp?
    /// Whether the sender gives each episode of a problem a start of its own, so that a copy which comes late, as from the
    /// other one of a pair, can be told from a new episode.
    package var namesEpisode = false
    /// When the problem ended, by the sender's clock.
    package var endsAt: Timestamp?
    /// Names of the team and the escalation policy that the sender asks for, if any.
    package var team: String?
    package var policy: String?
    /// Set where the source groups its alerts: all events with the same group share an incident, and `dedupKey` tells
    /// the alerts of it apart.
    package var group: DedupKey?

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

    /// Puts it into the group of all alerts with the same value of a label; one without the label stays by itself.
    package mutating func join(groupBy label: String) {
        if let value = labels[label] { group = DedupKey("group:\(label)=\(value)") }
    }

    /// What the incident is found by: the group's key, or the alert's own.
    package var incidentKey: DedupKey { group ?? dedupKey }

    /// What an event may hold; longer texts are cut with an ellipsis, surplus labels and links are dropped.
    package enum Limits {
        /// Characters of a title.
        package static let title = 500
        /// Characters of the text below it.
        package static let text = 15_000
        /// Labels of one event.
        package static let labels = 64
        /// Characters of a label's name or value.
        package static let label = 1_000
        /// Links of one event.
        package static let links = 10
        /// Bytes of a link's address.
        package static let url = 2_000
    }
}

/// A place to look at: a dashboard, a run book, the sender's own page of the alert.
package struct Link: Sendable, Hashable {
    package var title: String
    /// Always http or https.
    package let url: String

    /// Nil unless the address is http or https, has a host, and is no longer than allowed.
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

    /// A link that was checked when it was made, and is read back.
    package init(checkedTitle title: String, url: String) {
        self.title = title
        self.url = url
    }
}
