internal import Domain
internal import Formats

extension TeamChannel: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("team_id", teamID)
        members.put("name", name)
        members.put("channel", channel)
        members.put("address", address)
        members.put("follows", follows)
        members.put("is_enabled", isEnabled)
        members.put("verified_at", verifiedAt)
        members.put(body)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), teamID: try members.get("team_id"), name: try members.get("name"),
            channel: try members.get("channel"), address: try members.get("address"),
            follows: try members.get("follows"), isEnabled: try members.get("is_enabled"),
            verifiedAt: try members.get("verified_at"), body: try members.getBody())
    }

    /// There were none before documents had versions.
    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON { old }
}
