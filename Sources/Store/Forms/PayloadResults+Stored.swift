internal import Formats

extension PayloadRecord.Results: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("counts", counts)
        members.put("entries", entries)
        members.put("notes", notes)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init()
        counts = try members.get("counts")
        entries = try members.get("entries")
        notes = try members.get("notes")
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "counts": old["counts"],
            "entries": try old.swiftList("entries") { (entry) throws(StoredFault) in
                .members([
                    "status": entry["status"], "title": entry["title"], "dedup_key": entry["dedupKey"],
                    "incident_number": entry["incident"], "reason": entry["reason"],
                ])
            },
            "notes": old["notes"],
        ])
    }
}

extension PayloadRecord.Entry: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("status", status)
        members.put("title", title)
        members.put("dedup_key", dedupKey)
        if !keyParts.isEmpty { members.put("key_parts", keyParts) }
        members.put("incident_number", incident)
        members.put("reason", reason)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            status: try members.get("status"), title: try members.get("title"), dedupKey: try members.get("dedup_key"),
            keyParts: try members.get("key_parts", default: []),
            incident: try members.get("incident_number"), reason: try members.get("reason"))
    }
}
