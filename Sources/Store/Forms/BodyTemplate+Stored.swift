internal import Domain

/// Two members of the document that has the body. Both are left out where they are empty.
extension StoredMembers {
    mutating func put(_ body: BodyTemplate) {
        put("body", body.text.isEmpty ? nil : body.text)
        put("content_type", body.contentType.isEmpty ? nil : body.contentType)
    }

    func getBody() throws(StoredFault) -> BodyTemplate {
        BodyTemplate(text: try get("body", default: ""), contentType: try get("content_type", default: ""))
    }
}
