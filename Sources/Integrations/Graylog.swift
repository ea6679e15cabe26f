internal import Domain
internal import Formats

/// Graylog's HTTP notification: event definitions since 3.1, stream alert conditions before. Graylog sends no recovery
/// for event definitions.
struct GraylogIntegration: JSONIntegration {
    static let kind = "graylog"
    static let title = "Graylog"
    static let fields = FieldGuide(
        status: "always firing; before 3.1 `check_result.triggered`",
        key: "`event_definition_id` and `event.key`; before 3.1 the stream and its condition",
        title: "`event_definition_title`; before 3.1 `stream.title` and `result_description`",
        text: "`event.message`, the description, the first messages of the backlog",
        severity: "`event.priority`: 1 info, 2 warning, 3 error, 4 critical", links: "`stream_url`, `graylog_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "Open Alerts, Notifications, create an HTTP Notification with this URL, and allow the URL when asked.",
                url: url, key: key),
            SetupStep(
                "Add it to the event definitions. Let the source resolve by itself after silence: Graylog sends no recovery."
            ),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("event_definition_title", "event") || json.has("check_result", "stream")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if let result = json["check_result"] { return Decoded(condition(result, json["stream"] ?? .null)) }
        guard json.text("event_definition_title", "event_definition_id") != nil, let event = json["event"] else {
            return nil
        }
        return Decoded(definition(event, json))
    }

    private func definition(_ event: JSON, _ json: JSON) -> Draft {
        var draft = Draft()
        draft.status = event["alert"]?.boolean == false ? .informational : .firing
        draft.title =
            json.text("event_definition_title", "event_definition_title[0]", "event.message") ?? "Graylog event"
        draft.text = [
            event.text("message").map { $0 == draft.title ? "" : $0 }, json.text("event_definition_description"),
            messages(json["backlog"]),
        ]
        switch event.text("priority") {
        case "1": draft.severity = .info
        case "2": draft.severity = .warning
        case "3": draft.severity = .error
        case "4": draft.severity = .critical
        case let word: draft.severity = Severity(loose: word)
        }
        let tuple = event["key_tuple"]?.array?.compactMap(\.text).joined(separator: "|")
        let parts = [json.text("event_definition_id", "event_definition_title"), event.text("key") ?? tuple]
        draft.key = parts.compactMap { $0?.isEmpty == false ? $0 : nil }.joined(separator: "/")
        draft.link("Graylog", json.text("graylog_url", "http_external_uri", "event_url"))
        draft.label("source", event.text("source"))
        draft.label("key", event.text("key"))
        draft.label(all: event["group_by_fields"])
        draft.label(all: event["fields"])
        draft.startsAt = event.instant("timestamp")
        return draft
    }

    private func condition(_ result: JSON, _ stream: JSON) -> Draft {
        let description = result.text("result_description")
        var draft = Draft()
        draft.status = result["triggered"]?.boolean == false ? .resolved : .firing
        draft.title = [stream.text("title"), description].compactMap(\.self).joined(separator: ": ")
        if draft.title?.isEmpty == true { draft.title = "Graylog alert" }
        draft.text = [description, messages(result["matching_messages"])]
        let parts = [stream.text("id", "title"), result.text("triggered_condition.id")].compactMap(\.self)
        draft.key = parts.isEmpty ? nil : parts.joined(separator: "/")
        draft.link("Stream", result.text("stream_url") ?? stream.text("url"))
        draft.label("stream", stream.text("title"))
        draft.label("condition", result.text("triggered_condition.type", "triggered_condition.title"))
        draft.happened(at: result.instant("triggered_at"))
        return draft
    }

    private func messages(_ backlog: JSON?) -> String? {
        let lines = (backlog?.array ?? []).prefix(5).compactMap { message in
            message.text("message").map { [message.text("source"), $0].compactMap(\.self).joined(separator: ": ") }
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
