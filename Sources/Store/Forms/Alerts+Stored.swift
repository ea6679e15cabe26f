internal import Domain
internal import Formats

/// `{"title": "Run book", "url": "https://…"}`
extension Link: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("title", title)
        members.put("url", url)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(checkedTitle: try members.get("title"), url: try members.get("url"))
    }
}

/// The alerts of a grouped incident, by dedup key.
struct GroupedAlerts: StoredDocument, Hashable {
    var byKey: [String: GroupedAlert]

    init(_ alerts: [String: GroupedAlert]) { byKey = alerts }

    func write(to members: inout StoredMembers) {
        members.put("alerts", byKey.sorted { $0.key < $1.key }.map { Entry(key: $0.key, alert: $0.value) })
    }

    init(from members: StoredMembers) throws(StoredFault) {
        let entries: [Entry] = try members.get("alerts")
        byKey = Dictionary(entries.map { ($0.key, $0.alert) }) { $1 }
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        guard case .object(let object) = old else { throw .expected("an object", old) }
        let entries = object.members.map { member in
            JSON.members([
                "key": .string(member.name), "title": member.value["title"], "is_firing": member.value["isFiring"],
                "starts_at": member.value["startsAt"],
            ])
        }
        return .members(["alerts": .array(entries)])
    }

    private struct Entry: StoredObject {
        var key: String
        var alert: GroupedAlert

        init(key: String, alert: GroupedAlert) {
            self.key = key
            self.alert = alert
        }

        func write(to members: inout StoredMembers) {
            members.put("key", key)
            members.put("title", alert.title)
            members.put("is_firing", alert.isFiring)
            members.put("starts_at", alert.startsAt)
            members.put("expires_at", alert.expiresAt)
        }

        init(from members: StoredMembers) throws(StoredFault) {
            key = try members.get("key")
            alert = GroupedAlert(
                title: try members.get("title"), isFiring: try members.get("is_firing"),
                startsAt: try members.get("starts_at"), expiresAt: try members.get("expires_at"))
        }
    }
}
