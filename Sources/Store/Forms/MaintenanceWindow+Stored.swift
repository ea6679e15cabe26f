internal import Domain
internal import Formats

extension MaintenanceWindow: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("team_id", teamID)
        members.put("sources", sources)
        members.put("labels", labels)
        members.put("span", span)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), teamID: try members.get("team_id"),
            sources: try members.get("sources"), labels: try members.get("labels"), span: try members.get("span"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "team_id": old["teamID"], "sources": old["sources"],
            "labels": old["labels"], "span": try old.swiftMember("span", Span.fromSwiftCoding),
        ])
    }
}

/// `{"type": "once", "starts_at": 1795693935000000, "ends_at": 1795697535000000}`
extension MaintenanceWindow.Span: StoredObject {
    enum StoredType: String, StoredWord, CaseIterable { case once, weekly }

    func write(to members: inout StoredMembers) {
        switch self {
        case .once(let from, let to):
            members.put("type", StoredType.once)
            members.put("starts_at", from)
            members.put("ends_at", to)
        case .weekly(let weekly):
            members.put("type", StoredType.weekly)
            members.put(membersOf: weekly)
        }
    }

    init(from members: StoredMembers) throws(StoredFault) {
        switch try members.get("type", as: StoredType.self) {
        case .once: self = .once(from: try members.get("starts_at"), to: try members.get("ends_at"))
        case .weekly: self = .weekly(try ZonedHours(from: members))
        }
    }

    fileprivate static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        let (name, values) = try old.swiftCase()
        switch name {
        case "once":
            return .members(["type": .string(name), "starts_at": values["from"], "ends_at": values["to"]])
        case "weekly":
            let hours = try values.swiftMember("_0", weeklyHoursFromSwiftCoding)
            return .members([
                "type": .string(name), "time_zone": hours?["time_zone"], "weekdays": hours?["weekdays"],
                "from_minute": hours?["from_minute"], "to_minute": hours?["to_minute"],
            ])
        default: throw unknownCase(name)
        }
    }
}
