internal import Domain
internal import Formats

extension Heartbeat: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("team_id", teamID)
        members.put("policy_id", policyID)
        members.put("severity", severity)
        members.put("rhythm", rhythm)
        members.put("grace_ms", grace)
        members.put("is_paused", isPaused)
        members.put("token", token)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), teamID: try members.get("team_id"),
            policyID: try members.get("policy_id"), severity: try members.get("severity"),
            rhythm: try members.get("rhythm"), grace: try members.get("grace_ms"),
            isPaused: try members.get("is_paused"), token: try members.get("token"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "team_id": old["teamID"], "policy_id": old["policyID"],
            "severity": old["severity"], "rhythm": try old.swiftMember("rhythm", Rhythm.fromSwiftCoding),
            "grace_ms": try old.swiftDuration("grace"), "is_paused": old["isPaused"], "token": old["token"],
        ])
    }
}

/// `{"type": "every", "period_ms": 86400000}`
extension Heartbeat.Rhythm: StoredObject {
    enum StoredType: String, StoredWord, CaseIterable { case every, cron }

    func write(to members: inout StoredMembers) {
        switch self {
        case .every(let period):
            members.put("type", StoredType.every)
            members.put("period_ms", period)
        case .cron(let expression, let timeZone):
            members.put("type", StoredType.cron)
            members.put("expression", expression)
            members.put("time_zone", timeZone)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .every: self = .every(try members.get("period_ms"))
        case .cron: self = .cron(try members.get("expression"), timeZone: try members.get("time_zone"))
        }
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        switch name {
        case "every": return .members(["type": .string(name), "period_ms": try values.swiftDuration("_0")])
        case "cron":
            return .members(["type": .string(name), "expression": values["_0"], "time_zone": values["timeZone"]])
        default: throw unknownCase(name)
        }
    }
}
