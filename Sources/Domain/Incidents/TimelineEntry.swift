/// One event in an incident's history. Entries are never changed or removed.
package struct TimelineEntry: Sendable, Hashable {
    package var at: Timestamp
    package var author: Author
    package var event: Event

    package init(at: Timestamp, author: Author, event: Event) {
        self.at = at
        self.author = author
        self.event = event
    }

    /// What happened, with the names at that time.
    package enum Event: Sendable, Hashable {
        case opened(title: String, severity: Severity)
        case severityRaised(from: Severity, to: Severity)
        case acknowledged(until: Timestamp?)
        case acknowledgedAgain(owner: String)
        case acknowledgementExpired(owner: String)
        case resolved(note: String?)
        case reopened
        case resumed
        case undone
        case held(window: String, until: Timestamp)
        case maintenanceEnded(window: String)
        case alertJoined(title: String, firing: Int)
        case alertRecovered(title: String, firing: Int)
        case escalated(step: Int, round: Int, people: [String])
        case stepSkipped(step: Int, reason: String)
        case posted(step: Int, channels: [String])
        case policyExhausted(policy: String)
        case administratorsPaged(people: [String])
        case nobodyPaged(reason: String)
        case snoozed(until: Timestamp)
        case snoozeEnded
        case reassigned(policy: String)
        case handedOver(person: String)
        case noted(text: String)
        case informed(text: String)
        case pageSent(page: PageID, person: String, channel: Channel, possibleDuplicate: Bool)
        case pageDelivered(page: PageID, person: String, channel: Channel)
        case pageFailed(page: PageID, person: String, channel: Channel, explanation: String)
        case pageWithheld(person: String, channel: Channel)
        case pagesDropped(person: String, reason: String)
        case movedOn(explanation: String)
    }
}

extension TimelineEntry.Event {
    /// The event as a sentence without its author.
    package var sentence: String {
        switch self {
        case .opened(let title, let severity): "opened the incident: \(title) (\(severity.rawValue))"
        case .severityRaised(let from, let to): "raised the severity from \(from.rawValue) to \(to.rawValue)"
        case .acknowledged(let until):
            "acknowledged" + (until.map { ", until \($0.rfc3339) unless it is resolved by then" } ?? "")
        case .acknowledgedAgain(let owner): "acknowledged too; it stays with \(owner)"
        case .acknowledgementExpired(let owner): "the acknowledgement of \(owner) expired"
        case .resolved(let note): "resolved" + (note.map { ": \($0)" } ?? "")
        case .reopened: "reopened"
        case .undone: "took that back; the incident continues where it was"
        case .resumed: "fires again soon after it was resolved; the incident continues where it was"
        case .held(let window, let until): "nobody is paged before \(until.rfc3339): maintenance “\(window)”"
        case .maintenanceEnded(let window): "the maintenance “\(window)” is over"
        case .alertJoined(let title, let firing): "one more alert of the group: \(title) (\(firing) firing)"
        case .alertRecovered(let title, let firing):
            "an alert of the group recovered: \(title) (\(firing) still firing)"
        case .escalated(let step, let round, let people):
            "step \(step + 1)\(round > 0 ? ", round \(round + 1)" : ""): paging \(people.joined(separator: ", "))"
        case .stepSkipped(let step, let reason): "step \(step + 1) skipped: \(reason)"
        case .posted(let step, let channels): "step \(step + 1): posting to \(channels.joined(separator: ", "))"
        case .policyExhausted(let policy): "the escalation policy “\(policy)” came to its end without an answer"
        case .administratorsPaged(let people): "paging the administrators: \(people.joined(separator: ", "))"
        case .nobodyPaged(let reason): "nobody could be paged: \(reason)"
        case .snoozed(let until): "snoozed until \(until.rfc3339)"
        case .snoozeEnded: "the snooze ended"
        case .reassigned(let policy): "moved to the escalation policy “\(policy)”"
        case .handedOver(let person): "handed the incident to \(person), who is paged"
        case .noted(let text): "noted: \(text)"
        case .informed(let text): "reported: \(text)"
        case .pageSent(_, let person, let channel, let possibleDuplicate):
            "\(channel.name) to \(person) sent" + (possibleDuplicate ? " (possible duplicate)" : "")
        case .pageDelivered(_, let person, let channel): "\(channel.name) to \(person) delivered"
        case .pageFailed(_, let person, let channel, let explanation):
            "\(channel.name) to \(person) failed: \(explanation)"
        case .pageWithheld(let person, let channel): "\(channel.name) to \(person) withheld: sending is disabled"
        case .pagesDropped(let person, let reason): "pages to \(person) dropped: \(reason)"
        case .movedOn(let explanation): explanation
        }
    }
}
