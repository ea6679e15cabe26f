internal import Domain
internal import Formats

extension MessageTemplate: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("use", use)
        members.put("language", language)
        members.put("text", text)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), use: try members.get("use"), language: try members.get("language"),
            text: try members.get("text"))
    }

    /// There were none before documents had versions.
    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON { old }
}

extension MessageTemplate.Use: StoredWord {}
extension MessageTemplate.Language: StoredWord {}
