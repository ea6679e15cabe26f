internal import Domain
internal import Formats

extension EscalationPolicy: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("team_id", teamID)
        members.put("steps", steps)
        members.put("repeats", repeats)
        members.put("final_action", finalAction)
        members.put("acknowledgement_timeout_ms", acknowledgementTimeout)
        members.put("urgent_severities", urgentSeverities)
        members.put("routes", routes)
        members.put("hold_off", holdOff)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), teamID: try members.get("team_id"),
            steps: try members.get("steps"), repeats: try members.get("repeats"),
            finalAction: try members.get("final_action"),
            acknowledgementTimeout: try members.get("acknowledgement_timeout_ms"),
            urgentSeverities: try members.get("urgent_severities"), routes: try members.get("routes"),
            holdOff: try members.get("hold_off"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "team_id": old["teamID"],
            "steps": try old.swiftList("steps", Step.fromSwiftCoding), "repeats": old["repeats"],
            "final_action": (old["finalAction"]?.text).map { .string(snakeCase($0)) },
            "acknowledgement_timeout_ms": try old.swiftDuration("acknowledgementTimeout"),
            "urgent_severities": old["urgentSeverities"],
            "routes": try old.swiftList("routes", Route.fromSwiftCoding),
        ])
    }
}

/// `{"warning": 300000}`: milliseconds by severity.
extension HoldOff: StoredValue {
    var stored: JSON {
        Dictionary(uniqueKeysWithValues: delays.map { ($0.key.rawValue, $0.value) }).stored
    }

    init(stored json: JSON) throws(StoredFault) {
        var delays: [Severity: Duration] = [:]
        for (name, delay) in try [String: Duration](stored: json) {
            delays[try Severity(stored: .string(name))] = delay
        }
        self.init(delays)
    }
}

extension EscalationPolicy.FinalAction: StoredValue {
    enum StoredType: String, StoredWord, CaseIterable {
        case stay
        case notifyAdministrators = "notify_administrators"
    }

    var stored: JSON {
        switch self {
        case .stay: StoredType.stay.stored
        case .notifyAdministrators: StoredType.notifyAdministrators.stored
        }
    }

    init(stored json: JSON) throws(StoredFault) {
        switch try StoredType(stored: json) {
        case .stay: self = .stay
        case .notifyAdministrators: self = .notifyAdministrators
        }
    }
}

extension EscalationPolicy.Step: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("targets", targets)
        members.put("delay_ms", delay)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(targets: try members.get("targets"), delay: try members.get("delay_ms"))
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "targets": try old.swiftList("targets", EscalationPolicy.Target.fromSwiftCoding),
            "delay_ms": try old.swiftDuration("delay"),
        ])
    }
}

/// `{"type": "user", "id": "…"}`
extension EscalationPolicy.Target: StoredObject {
    enum StoredType: String, StoredWord, CaseIterable {
        case user, schedule, team, channel
        case roundRobin = "round_robin"
    }

    func write(to members: inout StoredMembers) {
        switch self {
        case .user(let id):
            members.put("type", StoredType.user)
            members.put("id", id)
        case .schedule(let id):
            members.put("type", StoredType.schedule)
            members.put("id", id)
        case .team(let id):
            members.put("type", StoredType.team)
            members.put("id", id)
        case .roundRobin(let id):
            members.put("type", StoredType.roundRobin)
            members.put("id", id)
        case .channel(let id):
            members.put("type", StoredType.channel)
            members.put("id", id)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .user: self = .user(try members.get("id"))
        case .schedule: self = .schedule(try members.get("id"))
        case .team: self = .team(try members.get("id"))
        case .roundRobin: self = .roundRobin(try members.get("id"))
        case .channel: self = .channel(try members.get("id"))
        }
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        return .members(["type": .string(snakeCase(name)), "id": values["_0"]])
    }
}

extension EscalationPolicy.Route: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("severities", severities)
        members.put("labels", labels)
        members.put("hours", hours)
        members.put("policy_id", policyID)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            severities: try members.get("severities"), labels: try members.get("labels"),
            hours: try members.get("hours"), policyID: try members.get("policy_id"))
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "severities": old["severities"], "labels": old["labels"],
            "hours": try old.swiftMember("hours", weeklyHoursFromSwiftCoding), "policy_id": old["policyID"],
        ])
    }
}
