internal import Domain

extension TimelineLine {
    /// Formats a timeline entry for people.
    init(_ entry: TimelineEntry, _ reader: Reader) {
        let look = Look(entry)
        self.init(
            kind: look.kind, symbol: look.symbol, author: entry.author.name, via: entry.author.via,
            sentence: look.sentence ?? words(of: entry.event, reader), note: look.note, at: reader.moment(entry.at))
    }
}

/// Replaces the event's own sentence if it contains times or long texts in a form for machines.
private func words(of event: TimelineEntry.Event, _ reader: Reader) -> String {
    switch event {
    case .acknowledged(let until?): "acknowledged, until \(reader.exact(until)) unless it is resolved by then"
    case .held(let window, let until): "nobody is paged before \(reader.exact(until)): maintenance “\(window)”"
    case .snoozed(let until): "snoozed until \(reader.exact(until))"
    default: event.sentence
    }
}

private struct Look {
    var kind: TimelineLine.Kind
    var symbol: Symbol
    var sentence: String?
    var note: String?

    init(_ entry: TimelineEntry) {
        let person: TimelineLine.Kind = entry.author.via == nil ? .person : .reply
        let actor: TimelineLine.Kind = entry.author.kind == .user ? person : .system
        switch entry.event {
        case .opened: (kind, symbol) = (.opened, .incidents)
        case .severityRaised: (kind, symbol) = (.opened, .escalate)
        case .acknowledged, .acknowledgedAgain: (kind, symbol) = (actor, .acknowledge)
        case .acknowledgementExpired: (kind, symbol) = (.held, .snooze)
        case .resolved: (kind, symbol) = (.resolved, .resolve)
        case .reopened: (kind, symbol) = (actor, .reopen)
        case .undone: (kind, symbol) = (actor, .reopen)
        case .resumed: (kind, symbol) = (.opened, .reopen)
        case .alertJoined: (kind, symbol) = (.opened, .incidents)
        case .alertRecovered: (kind, symbol) = (.system, .resolve)
        case .held, .maintenanceEnded: (kind, symbol) = (.held, .snooze)
        case .escalated, .posted: (kind, symbol) = (.system, .escalate)
        case .stepSkipped, .policyExhausted, .nobodyPaged: (kind, symbol) = (.held, .warning)
        case .administratorsPaged: (kind, symbol) = (.system, .users)
        case .snoozed, .snoozeEnded: (kind, symbol) = (actor == .system ? .held : actor, .snooze)
        case .reassigned: (kind, symbol) = (actor, .policies)
        case .handedOver: (kind, symbol) = (actor, .users)
        case .noted(let text): (kind, symbol, sentence, note) = (actor, .note, "noted", text)
        case .informed(let text): (kind, symbol, sentence, note) = (.system, .note, "reported", text)
        case .pageSent(_, _, let channel, _): (kind, symbol) = (.page, Symbol(channel))
        case .pageDelivered: (kind, symbol) = (.delivered, .check)
        case .pageFailed: (kind, symbol) = (.failed, .cross)
        case .pageWithheld: (kind, symbol) = (.held, .outbox)
        case .pagesDropped: (kind, symbol) = (.held, .cross)
        case .movedOn: (kind, symbol) = (actor, .next)
        }
    }
}
