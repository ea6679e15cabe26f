internal import Domain
internal import Formats

extension AlertSource: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("kind", kind)
        members.put("team_id", teamID)
        members.put("policy_id", policyID)
        members.put("default_severity", defaultSeverity)
        members.put("is_enabled", isEnabled)
        members.put("reopen_window_ms", reopenWindow)
        members.put("auto_resolve_after_ms", autoResolveAfter)
        members.put("hold_off", holdOff)
        members.put("options", options)
        members.put("key_hash", keyHash)
        members.put("key_hint", keyHint)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), kind: try members.get("kind"),
            teamID: try members.get("team_id"), policyID: try members.get("policy_id"),
            defaultSeverity: try members.get("default_severity"), isEnabled: try members.get("is_enabled"),
            reopenWindow: try members.get("reopen_window_ms"),
            autoResolveAfter: try members.get("auto_resolve_after_ms"), options: try members.get("options"),
            keyHash: try members.get("key_hash"), keyHint: try members.get("key_hint"),
            holdOff: try members.get("hold_off"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "kind": old["kind"], "team_id": old["teamID"],
            "policy_id": old["policyID"], "default_severity": old["defaultSeverity"], "is_enabled": old["isEnabled"],
            "reopen_window_ms": try old.swiftDuration("reopenWindow"),
            "auto_resolve_after_ms": try old.swiftDuration("autoResolveAfter"), "options": old["options"],
            "key_hash": old["keyHash"], "key_hint": old["keyHint"],
        ])
    }
}
