internal import Domain
internal import Formats

/// `{"type": "triggered", "escalation": {…}}`
extension Incident.State: StoredDocument {
    enum StoredType: String, StoredWord, CaseIterable { case triggered, acknowledged, resolved }

    func write(to members: inout StoredMembers) {
        switch self {
        case .triggered(let escalation):
            members.put("type", StoredType.triggered)
            members.put("escalation", escalation)
        case .acknowledged(let author, let at, let expiresAt, let position):
            members.put("type", StoredType.acknowledged)
            members.put("by", author)
            members.put("acknowledged_at", at)
            members.put("expires_at", expiresAt)
            members.put("position", position)
        case .resolved(let author, let at):
            members.put("type", StoredType.resolved)
            members.put("by", author)
            members.put("resolved_at", at)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .triggered: self = .triggered(try members.get("escalation"))
        case .acknowledged:
            self = .acknowledged(
                by: try members.get("by"), at: try members.get("acknowledged_at"),
                expiresAt: try members.get("expires_at"), position: try members.get("position"))
        case .resolved: self = .resolved(by: try members.get("by"), at: try members.get("resolved_at"))
        }
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        let type = JSON.string(name)
        switch name {
        case "triggered":
            let escalation = try values.swiftMember("_0", Incident.Escalation.fromSwiftCoding)
            return .members(["type": type, "escalation": escalation])
        case "acknowledged":
            return .members([
                "type": type, "by": try values.swiftMember("by", Author.fromSwiftCoding),
                "acknowledged_at": values["at"], "expires_at": values["expiresAt"], "position": values["position"],
            ])
        case "resolved":
            return .members([
                "type": type, "by": try values.swiftMember("by", Author.fromSwiftCoding), "resolved_at": values["at"],
            ])
        default: throw unknownCase(name)
        }
    }
}

/// `{"type": "due", "position": {"step": 0, "round": 0}, "due_at": 1795694715207384}`
extension Incident.Escalation: StoredObject {
    enum StoredType: String, StoredWord, CaseIterable { case due, snoozed, held, exhausted }

    func write(to members: inout StoredMembers) {
        switch self {
        case .due(let position, let at):
            members.put("type", StoredType.due)
            members.put("position", position)
            members.put("due_at", at)
        case .snoozed(let position, let until, let left):
            members.put("type", StoredType.snoozed)
            members.put("position", position)
            members.put("ends_at", until)
            members.put("remaining_ms", left)
        case .held(let until, let window):
            members.put("type", StoredType.held)
            members.put("ends_at", until)
            members.put("window", window)
        case .exhausted: members.put("type", StoredType.exhausted)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .due: self = .due(try members.get("position"), at: try members.get("due_at"))
        case .snoozed:
            self = .snoozed(
                try members.get("position"), until: try members.get("ends_at"), left: try members.get("remaining_ms"))
        case .held: self = .held(until: try members.get("ends_at"), window: try members.get("window"))
        case .exhausted: self = .exhausted
        }
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        let type = JSON.string(name)
        switch name {
        case "due": return .members(["type": type, "position": values["_0"], "due_at": values["at"]])
        case "snoozed":
            return .members([
                "type": type, "position": values["_0"], "ends_at": values["until"],
                "remaining_ms": try values.swiftDuration("left"),
            ])
        case "held": return .members(["type": type, "ends_at": values["until"], "window": values["window"]])
        case "exhausted": return .members(["type": type])
        default: throw unknownCase(name)
        }
    }
}

extension Incident.Position: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("step", step)
        members.put("round", round)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(step: try members.get("step"), round: try members.get("round"))
    }
}
