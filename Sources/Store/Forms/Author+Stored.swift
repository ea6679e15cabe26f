internal import Domain
internal import Formats

/// `{"kind": "user", "id": "…", "name": "Ada", "via": "API"}`
extension Author: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("kind", kind)
        members.put("id", id)
        members.put("name", name)
        members.put("via", via)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            kind: try members.get("kind"), id: try members.get("id"), name: try members.get("name"),
            via: try members.get("via"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members(["kind": old["kind"], "id": old["id"], "name": old["name"], "via": old["via"]])
    }
}
