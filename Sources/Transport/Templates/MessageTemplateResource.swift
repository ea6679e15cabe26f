internal import Domain

/// /api/v1/message-templates: the operator's own words for messages. Only administrators change them.
struct MessageTemplateResource: ConfigurableResource {
    static let door = Access.needs(.administer)

    func blank(_ id: MessageTemplateID, _ caller: Caller, _ configuration: Configuration) -> MessageTemplate {
        MessageTemplate(id: id, use: .text, text: "")
    }
}
