internal import Domain
internal import Formats

/// `{"type": "escalated", "step": 0, "round": 0, "people": ["Ada"]}`: the case's name in snake case, then its values.
extension TimelineEntry.Event: StoredDocument {
    enum StoredType: String, StoredWord, CaseIterable {
        case opened
        case severityRaised = "severity_raised"
        case acknowledged
        case acknowledgedAgain = "acknowledged_again"
        case acknowledgementExpired = "acknowledgement_expired"
        case resolved, reopened, undone, resumed, held
        case maintenanceEnded = "maintenance_ended"
        case alertJoined = "alert_joined"
        case alertRecovered = "alert_recovered"
        case escalated
        case stepSkipped = "step_skipped"
        case posted
        case policyExhausted = "policy_exhausted"
        case administratorsPaged = "administrators_paged"
        case nobodyPaged = "nobody_paged"
        case snoozed
        case snoozeEnded = "snooze_ended"
        case reassigned, noted, informed
        case handedOver = "handed_over"
        case pageSent = "page_sent"
        case pageDelivered = "page_delivered"
        case pageFailed = "page_failed"
        case pageWithheld = "page_withheld"
        case pagesDropped = "pages_dropped"
        case movedOn = "moved_on"
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        guard case .object(let object) = values else { throw .expected("an object", values) }
        // Members that were renamed. All others keep their names.
        let renamed = ["until": name == "acknowledged" ? "expires_at" : "ends_at", "page": "page_id"]
            .merging(["possibleDuplicate": "is_possible_duplicate"]) { $1 }
        var members = JSONObject()
        members["type"] = .string(snakeCase(name))
        for member in object.members { members[renamed[member.name] ?? member.name] = member.value }
        return .object(members)
    }
}

/// Returns `stepSkipped` as `step_skipped`.
func snakeCase(_ name: String) -> String {
    var words = ""
    for character in name {
        if character.isUppercase { words += "_" }
        words += character.lowercased()
    }
    return words
}
