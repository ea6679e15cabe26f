internal import Domain

extension TimelineEntry.Event {
    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .opened: self = .opened(title: try members.get("title"), severity: try members.get("severity"))
        case .severityRaised: self = .severityRaised(from: try members.get("from"), to: try members.get("to"))
        case .acknowledged: self = .acknowledged(until: try members.get("expires_at"))
        case .acknowledgedAgain: self = .acknowledgedAgain(owner: try members.get("owner"))
        case .acknowledgementExpired: self = .acknowledgementExpired(owner: try members.get("owner"))
        case .resolved: self = .resolved(note: try members.get("note"))
        case .reopened: self = .reopened
        case .undone: self = .undone
        case .resumed: self = .resumed
        case .held: self = .held(window: try members.get("window"), until: try members.get("ends_at"))
        case .maintenanceEnded: self = .maintenanceEnded(window: try members.get("window"))
        case .alertJoined: self = .alertJoined(title: try members.get("title"), firing: try members.get("firing"))
        case .alertRecovered:
            self = .alertRecovered(title: try members.get("title"), firing: try members.get("firing"))
        case .escalated:
            self = .escalated(
                step: try members.get("step"), round: try members.get("round"), people: try members.get("people"))
        case .stepSkipped: self = .stepSkipped(step: try members.get("step"), reason: try members.get("reason"))
        case .posted: self = .posted(step: try members.get("step"), channels: try members.get("channels"))
        case .policyExhausted: self = .policyExhausted(policy: try members.get("policy"))
        case .administratorsPaged: self = .administratorsPaged(people: try members.get("people"))
        case .nobodyPaged: self = .nobodyPaged(reason: try members.get("reason"))
        case .snoozed: self = .snoozed(until: try members.get("ends_at"))
        case .snoozeEnded: self = .snoozeEnded
        case .reassigned: self = .reassigned(policy: try members.get("policy"))
        case .handedOver: self = .handedOver(person: try members.get("person"))
        case .noted: self = .noted(text: try members.get("text"))
        case .informed: self = .informed(text: try members.get("text"))
        case .pageSent:
            self = .pageSent(
                page: try members.get("page_id"), person: try members.get("person"),
                channel: try members.get("channel"), possibleDuplicate: try members.get("is_possible_duplicate"))
        case .pageDelivered:
            self = .pageDelivered(
                page: try members.get("page_id"), person: try members.get("person"), channel: try members.get("channel")
            )
        case .pageFailed:
            self = .pageFailed(
                page: try members.get("page_id"), person: try members.get("person"),
                channel: try members.get("channel"), explanation: try members.get("explanation"))
        case .pageWithheld:
            self = .pageWithheld(person: try members.get("person"), channel: try members.get("channel"))
        case .pagesDropped: self = .pagesDropped(person: try members.get("person"), reason: try members.get("reason"))
        case .movedOn: self = .movedOn(explanation: try members.get("explanation"))
        }
    }
}
