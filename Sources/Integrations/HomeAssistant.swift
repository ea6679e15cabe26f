internal import Domain
internal import Formats

/// Home Assistant's REST notify service or a `rest_command` (https://www.home-assistant.io/integrations/notify.rest/).
struct HomeAssistantIntegration: JSONIntegration {
    static let kind = "home-assistant"
    static let title = "Home Assistant"
    static let fields = FieldGuide(
        status: "firing; `status` or `state`; the message `clear_notification` resolves what has its `tag`",
        key: "`tag`, `key` or `entity_id`, else the title", title: "`title`, `topic` or `subject`, else `message`",
        text: "`message`", severity: "`severity`, `priority` or `level`", links: "`url`, `image`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Add to configuration.yaml, and use notify.pagerpal in automations, with a title and a message.",
                code: """
                    notify:
                      - name: pagerpal
                        platform: rest
                        resource: \(url)
                        method: POST_JSON
                        headers:
                          X-API-Key: \(key)
                        title_param_name: title
                    """),
            SetupStep(
                "To resolve too, add a rest_command and call it with a status and a tag.",
                code: #"""
                    rest_command:
                      pagerpal:
                        url: \#(url)
                        method: post
                        content_type: application/json
                        headers:
                          X-API-Key: \#(key)
                        payload: >-
                          {{ {"title": title, "message": message, "status": status, "tag": tag} | to_json }}
                    """#),
        ]
    }

    /// Its field names are too common to recognize.
    static func recognises(_ json: JSON) -> Bool { false }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let title = json.text("title", "topic", "subject", "message") ?? options.title else { return nil }
        let message = json.text("message")
        let isCleared = message == "clear_notification"
        let tag = json.text("tag", "data.tag")
        var draft = Draft(title: title == message && isCleared ? tag.map { "\($0) is cleared" } ?? title : title)
        let word = json.text("status", "data.status", "state", "data.state")
        if let status = word.flatMap({ AlertEvent.Status(word: $0) }) {
            draft.status = status
        } else {
            draft.readState(ofTitle: title)
        }
        if isCleared { draft.status = .resolved }
        draft.text = [message == title || isCleared ? nil : message, json.text("description")]
        draft.severity = Severity(
            loose: json.text("severity", "data.severity", "priority", "data.priority", "level", "data.level"))
        draft.key =
            tag
            ?? json.text(
                "key", "external_id", "dedup_key", "data.key", "entity_id", "data.entity_id", "id")
        draft.link("Source", json.text("url", "data.url", "data.clickAction", "link"))
        draft.link("Image", json.text("image", "data.image", "image_url"))
        draft.label("entity", json.text("entity_id", "data.entity_id"))
        draft.label("target", json["target"]?.array?.compactMap(\.text).joined(separator: ", ") ?? json.text("target"))
        draft.label(all: json["labels"])
        draft.happened(at: json.instant("timestamp", "time", "last_changed"))
        return Decoded(draft)
    }
}
