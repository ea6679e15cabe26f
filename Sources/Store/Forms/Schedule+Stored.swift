internal import Domain
internal import Formats

extension Schedule: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("team_id", teamID)
        members.put("time_zone", timeZone)
        members.put("layers", layers)
        members.put("overrides", overrides)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), teamID: try members.get("team_id"),
            timeZone: try members.get("time_zone"), layers: try members.get("layers"),
            overrides: try members.get("overrides"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "team_id": old["teamID"], "time_zone": old["timeZone"],
            "layers": try old.swiftList("layers", Layer.fromSwiftCoding),
            "overrides": try old.swiftList("overrides", Override.fromSwiftCoding),
        ])
    }
}

/// A null participant is an empty turn.
extension Schedule.Layer: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("name", name)
        members.put("participants", participants)
        members.put("rotation", rotation)
        members.put("start", start)
        members.put("end", end)
        members.put("restrictions", restrictions)
        members.put("first_place", firstPlace)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            name: try members.get("name"), participants: try members.get("participants"),
            rotation: try members.get("rotation"), start: try members.get("start"), end: try members.get("end"),
            restrictions: try members.get("restrictions"), firstPlace: try members.get("first_place", default: 0))
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "name": old["name"], "participants": old["participants"],
            "rotation": try old.swiftMember("rotation", Schedule.Rotation.fromSwiftCoding), "start": old["start"],
            "end": old["end"], "restrictions": try old.swiftList("restrictions", weeklyHoursFromSwiftCoding),
            "first_place": old["firstPlace"],
        ])
    }
}

extension Schedule.Rotation: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("unit", unit)
        members.put("count", count)
        members.put("hand_off_minute", handOffMinute)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            try members.get("unit"), every: try members.get("count"), handOffMinute: try members.get("hand_off_minute"))
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members(["unit": old["unit"], "count": old["count"], "hand_off_minute": old["handOffMinute"]])
    }
}

extension Schedule.Override: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("change", change)
        members.put("starts_at", from)
        members.put("ends_at", to)
        members.put("author", author)
        members.put("made_at", madeAt)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), change: try members.get("change"), from: try members.get("starts_at"),
            to: try members.get("ends_at"), author: try members.get("author"), madeAt: try members.get("made_at"))
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "change": try old.swiftMember("change", Change.fromSwiftCoding),
            "starts_at": old["from"], "ends_at": old["to"], "author": old["author"], "made_at": old["madeAt"],
        ])
    }
}

/// `{"type": "replace", "user_id": "…", "with_user_id": "…"}`
extension Schedule.Override.Change: StoredObject {
    enum StoredType: String, StoredWord, CaseIterable { case add, remove, replace, only }

    func write(to members: inout StoredMembers) {
        switch self {
        case .add(let user):
            members.put("type", StoredType.add)
            members.put("user_id", user)
        case .remove(let user):
            members.put("type", StoredType.remove)
            members.put("user_id", user)
        case .replace(let user, let substitute):
            members.put("type", StoredType.replace)
            members.put("user_id", user)
            members.put("with_user_id", substitute)
        case .only(let user):
            members.put("type", StoredType.only)
            members.put("user_id", user)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .add: self = .add(try members.get("user_id"))
        case .remove: self = .remove(try members.get("user_id"))
        case .replace: self = .replace(try members.get("user_id"), with: try members.get("with_user_id"))
        case .only: self = .only(try members.get("user_id"))
        }
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        return .members(["type": .string(name), "user_id": values["_0"], "with_user_id": values["with"]])
    }
}
