package import Domain

/// What a process tells the others after a commit. On SQLite there are no others to tell.
package enum StoreEvent: Sendable, Hashable {
    /// These incidents changed; live pages show it and caches drop them.
    case incidents([IncidentID])
    /// Pages were queued; the earliest leaves at this instant.
    case pages(dueAt: Timestamp)
    /// An incident is due at this instant.
    case escalation(dueAt: Timestamp)
    /// A monitor is late at this instant unless it is heard of.
    case heartbeat(dueAt: Timestamp)
    case configuration(version: Int64)
    case leaseFree

    /// The announcement in one line of at most 7,900 bytes.
    package var text: String {
        switch self {
        case .incidents(let ids): "incidents " + ids.prefix(200).map(\.rawValue).joined(separator: " ")
        case .pages(let dueAt): "pages \(dueAt.microseconds)"
        case .escalation(let dueAt): "escalation \(dueAt.microseconds)"
        case .heartbeat(let dueAt): "heartbeat \(dueAt.microseconds)"
        case .configuration(let version): "configuration \(version)"
        case .leaseFree: "lease-free"
        }
    }

    /// Nil for words of another version of PagerPal, which are skipped.
    package init?(text: String) {
        let words = text.split(separator: " ")
        switch (words.first, words.dropFirst().first.flatMap { Int64($0) }) {
        case ("incidents", _): self = .incidents(words.dropFirst().map { IncidentID(String($0)) })
        case ("pages", let instant?): self = .pages(dueAt: Timestamp(microseconds: instant))
        case ("escalation", let instant?): self = .escalation(dueAt: Timestamp(microseconds: instant))
        case ("heartbeat", let instant?): self = .heartbeat(dueAt: Timestamp(microseconds: instant))
        case ("configuration", let version?): self = .configuration(version: version)
        case ("lease-free", _): self = .leaseFree
        default: return nil
        }
    }
}
