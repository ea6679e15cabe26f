package import Domain

/// What a process tells the other processes after a commit. On SQLite there are no other processes.
package enum StoreEvent: Sendable, Hashable {
    /// These incidents changed. Live pages update, and caches drop them. At most `incidentLimit`.
    case incidents([IncidentID])
    /// Pages were queued or moved forward.
    case pages(PagesDue)
    /// An incident is due at this instant.
    case escalation(dueAt: Timestamp)
    /// A monitor becomes late at this instant unless a beat arrives.
    case heartbeat(dueAt: Timestamp)
    case configuration(version: Int64)
    case leaseFree
    /// Something has to be posted in a channel of a team.
    case posts

    /// Pages of any channel, of which the first may leave at this instant.
    package static func pages(dueAt: Timestamp) -> StoreEvent { .pages(PagesDue(at: dueAt)) }

    /// PostgreSQL's notifications have at most 7,999 bytes.
    private static let incidentLimit = 200

    /// The events that name all these incidents.
    package static func changed(_ ids: [IncidentID]) -> [StoreEvent] {
        stride(from: 0, to: ids.count, by: incidentLimit).map {
            .incidents(Array(ids[$0..<min($0 + incidentLimit, ids.count)]))
        }
    }

    /// The event in one line of at most 7,900 bytes.
    package var text: String {
        switch self {
        case .incidents(let ids): "incidents " + ids.map(\.rawValue).joined(separator: " ")
        case .pages(let due): "pages \(due.text)"
        case .escalation(let dueAt): "escalation \(dueAt.microseconds)"
        case .heartbeat(let dueAt): "heartbeat \(dueAt.microseconds)"
        case .configuration(let version): "configuration \(version)"
        case .leaseFree: "lease-free"
        case .posts: "posts"
        }
    }

    /// Nil for events of another PagerPal version, which are ignored.
    package init?(text: String) {
        let words = text.split(separator: " ")
        switch (words.first, words.dropFirst().first.flatMap { Int64($0) }) {
        case ("incidents", _): self = .incidents(words.dropFirst().map { IncidentID(String($0)) })
        case ("pages", _):
            guard let due = PagesDue(words: words.dropFirst()) else { return nil }
            self = .pages(due)
        case ("escalation", let instant?): self = .escalation(dueAt: Timestamp(microseconds: instant))
        case ("heartbeat", let instant?): self = .heartbeat(dueAt: Timestamp(microseconds: instant))
        case ("configuration", let version?): self = .configuration(version: version)
        case ("lease-free", _): self = .leaseFree
        case ("posts", _): self = .posts
        default: return nil
        }
    }
}
