/// The answers to texts. They are short enough for one SMS.
package enum ReplyWords {
    package static let help = "Reply: ack 12, resolve 12, ack (all of the last message), STOP or START."

    /// `#12 is acknowledged by Ada: Disk full.` A second acknowledgement hears who has the incident already.
    package static func outcome(of incident: Incident, hasChanged: Bool) -> String {
        let title = incident.title.prefix(60)
        return switch incident.state {
        case .acknowledged(let owner, _, _, _):
            hasChanged
                ? "#\(incident.number) is yours: \(title)"
                : "#\(incident.number) is already acknowledged by \(owner.name)."
        case .resolved(let owner, _):
            hasChanged
                ? "#\(incident.number) is resolved: \(title)"
                : "#\(incident.number) was already resolved by \(owner.name)."
        case .triggered: "#\(incident.number) is still open: \(title)"
        }
    }

    /// Joins the sentences about several incidents, and counts what has no room.
    package static func together(_ sentences: [String]) -> String {
        guard sentences.count > 3 else { return sentences.joined(separator: "\n") }
        return sentences.prefix(3).joined(separator: "\n") + "\nand \(sentences.count - 3) more"
    }
}
