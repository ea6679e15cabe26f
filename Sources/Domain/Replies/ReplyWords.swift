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

    /// What only the person who pressed a button reads. Nil if there is nothing to say.
    ///
    /// - Parameters:
    ///   - address: the person's own, as PagerPal would know it.
    ///   - baseURL: PagerPal's, without a trailing slash.
    package static func answer(to outcome: ButtonOutcome, from address: String, _ channel: Channel, baseURL: String)
        -> String?
    {
        switch outcome {
        case .repeated: nil
        case .stranger:
            "PagerPal does not know you here, so nothing was changed. Open \(baseURL)/profile, add the contact method "
                + "\(channel.name) with \(address), enter the code that arrives, and press the button again."
        case .notAllowed(let number):
            "Nothing was changed: your role may not act on incidents, and incident #\(number) did not page you. Ask an "
                + "administrator for the role responder."
        case .old(let incident):
            "Nothing was changed: incident #\(incident.number) was reopened after this message. Use the newest message, or "
                + "\(baseURL)/incidents/\(incident.number)"
        case .gone: "Nothing was changed: PagerPal no longer has this incident."
        case .done(let incident, let hasChanged): self.outcome(of: incident, hasChanged: hasChanged)
        }
    }

    /// `Acknowledged by Ada`.
    package static func standing(of incident: Incident) -> String {
        switch incident.state {
        case .triggered: "Nobody has it"
        case .acknowledged(let owner, _, _, _): "Acknowledged by \(owner.name)"
        case .resolved(let author, _): "Resolved by \(author.name)"
        }
    }
}
