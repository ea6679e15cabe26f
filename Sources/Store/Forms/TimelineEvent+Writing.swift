internal import Domain

extension TimelineEntry.Event {
    var storedType: StoredType {
        switch self {
        case .opened: .opened
        case .severityRaised: .severityRaised
        case .acknowledged: .acknowledged
        case .acknowledgedAgain: .acknowledgedAgain
        case .acknowledgementExpired: .acknowledgementExpired
        case .resolved: .resolved
        case .reopened: .reopened
        case .undone: .undone
        case .resumed: .resumed
        case .held: .held
        case .maintenanceEnded: .maintenanceEnded
        case .alertJoined: .alertJoined
        case .alertRecovered: .alertRecovered
        case .escalated: .escalated
        case .stepSkipped: .stepSkipped
        case .posted: .posted
        case .policyExhausted: .policyExhausted
        case .administratorsPaged: .administratorsPaged
        case .nobodyPaged: .nobodyPaged
        case .snoozed: .snoozed
        case .snoozeEnded: .snoozeEnded
        case .reassigned: .reassigned
        case .handedOver: .handedOver
        case .noted: .noted
        case .informed: .informed
        case .pageSent: .pageSent
        case .pageDelivered: .pageDelivered
        case .pageFailed: .pageFailed
        case .pageWithheld: .pageWithheld
        case .pagesDropped: .pagesDropped
        case .movedOn: .movedOn
        }
    }

    func write(to members: inout StoredMembers) {
        members.put("type", storedType)
        switch self {
        case .opened(let title, let severity):
            members.put("title", title)
            members.put("severity", severity)
        case .severityRaised(let from, let to):
            members.put("from", from)
            members.put("to", to)
        case .acknowledged(let until): members.put("expires_at", until)
        case .acknowledgedAgain(let owner), .acknowledgementExpired(let owner): members.put("owner", owner)
        case .resolved(let note): members.put("note", note)
        case .reopened, .undone, .resumed, .snoozeEnded: break
        case .held(let window, let until):
            members.put("window", window)
            members.put("ends_at", until)
        case .maintenanceEnded(let window): members.put("window", window)
        case .alertJoined(let title, let firing), .alertRecovered(let title, let firing):
            members.put("title", title)
            members.put("firing", firing)
        case .escalated(let step, let round, let people):
            members.put("step", step)
            members.put("round", round)
            members.put("people", people)
        case .stepSkipped(let step, let reason):
            members.put("step", step)
            members.put("reason", reason)
        case .posted(let step, let channels):
            members.put("step", step)
            members.put("channels", channels)
        case .policyExhausted(let policy), .reassigned(let policy): members.put("policy", policy)
        case .administratorsPaged(let people): members.put("people", people)
        case .handedOver(let person): members.put("person", person)
        case .nobodyPaged(let reason): members.put("reason", reason)
        case .snoozed(let until): members.put("ends_at", until)
        case .noted(let text), .informed(let text): members.put("text", text)
        case .movedOn(let explanation): members.put("explanation", explanation)
        case .pageSent, .pageDelivered, .pageFailed, .pageWithheld, .pagesDropped: writePage(to: &members)
        }
    }

    /// Writes the events about pages.
    private func writePage(to members: inout StoredMembers) {
        switch self {
        case .pageSent(let page, let person, let channel, let isPossibleDuplicate):
            members.put("page_id", page)
            members.put("person", person)
            members.put("channel", channel)
            members.put("is_possible_duplicate", isPossibleDuplicate)
        case .pageDelivered(let page, let person, let channel):
            members.put("page_id", page)
            members.put("person", person)
            members.put("channel", channel)
        case .pageFailed(let page, let person, let channel, let explanation):
            members.put("page_id", page)
            members.put("person", person)
            members.put("channel", channel)
            members.put("explanation", explanation)
        case .pageWithheld(let person, let channel):
            members.put("person", person)
            members.put("channel", channel)
        case .pagesDropped(let person, let reason):
            members.put("person", person)
            members.put("reason", reason)
        case .opened, .severityRaised, .acknowledged, .acknowledgedAgain, .acknowledgementExpired, .resolved,
            .reopened, .undone, .resumed, .held, .maintenanceEnded, .alertJoined, .alertRecovered, .escalated,
            .stepSkipped, .posted,
            .policyExhausted, .administratorsPaged, .nobodyPaged, .snoozed, .snoozeEnded, .reassigned, .handedOver,
            .noted,
            .informed, .movedOn:
            break
        }
    }
}
