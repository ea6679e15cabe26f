internal import Domain

/// A message's status in Infobip's terms (https://www.infobip.com/docs/essentials/response-status-and-error-codes).
struct InfobipStatus {
    enum Verdict: Equatable {
        /// On its way. Includes `DELIVERED_TO_OPERATOR`, which says nothing about the phone.
        case pending
        case delivered
        case failed(Fault.Blame, isTemporary: Bool)
    }

    let group: Int
    let id: Int
    let name: String
    let description: String

    init(_ json: [String: Any]) {
        let groupName = json["groupName"] as? String ?? ""
        let name = json["name"] as? String ?? groupName
        group =
            InfobipStatus.number(json["groupId"]) ?? InfobipStatus.groups[groupName.uppercased()]
            ?? InfobipStatus.group(ofName: name) ?? 0
        id = InfobipStatus.number(json["id"]) ?? 0
        self.name = name
        description = json["description"] as? String ?? ""
    }

    private static let groups = [
        "ACCEPTED": 0, "PENDING": 1, "UNDELIVERABLE": 2, "DELIVERED": 3, "EXPIRED": 4, "REJECTED": 5,
    ]

    /// Some gateways send numbers as text.
    private static func number(_ value: Any?) -> Int? { value as? Int ?? (value as? String).flatMap { Int($0) } }

    /// Status names begin with their group's name, except those of calls.
    private static func group(ofName name: String) -> Int? {
        let word = name.uppercased()
        if ["NO_ANSWER", "BUSY", "CANCELLED", "CANCELED"].contains(word) { return groups["UNDELIVERABLE"] }
        return groups[String(word.prefix { $0 != "_" })]
    }

    /// Whether Infobip has had a message with this id before.
    var isDuplicate: Bool { group == 5 && (id == 23 || name == "REJECTED_DUPLICATE_MESSAGE_ID") }

    var explanation: String { description.isEmpty ? name : "\(name): \(description)" }

    var verdict: Verdict {
        switch group {
        case 0, 1: return .pending
        case 3: return id == 2 || name == "DELIVERED_TO_OPERATOR" ? .pending : .delivered
        case 2: return .failed(.recipient, isTemporary: false)
        case 4: return .failed(.transient, isTemporary: false)
        case 5: return .failed(InfobipStatus.blame(ofRejection: id), isTemporary: id == 21 || id == 100)
        default: return .pending
        }
    }

    private static func blame(ofRejection id: Int) -> Fault.Blame {
        switch id {
        case 8, 10, 14, 51, 52: .recipient
        case 23, 24, 25, 87: .message
        case 21, 100: .transient
        default: .account
        }
    }
}
