internal import Domain
internal import Formats

/// Opsgenie's alert API, for clients that only change the address, and Opsgenie's own webhooks.
///
/// https://docs.opsgenie.com/docs/alert-api
struct OpsgenieIntegration: JSONIntegration {
    static let kind = "opsgenie"
    static let title = "Opsgenie alert API"
    static let fields = FieldGuide(
        status:
            "the route: create, close, delete, acknowledge; message and description change the open alert; anything else is noted; webhooks `action`",
        key: "`alias`, made up when missing; close and acknowledge name it in the address; webhooks `alert.alias`",
        title: "`message`", text: "`description`, `note`, `details`", severity: "`priority`: P1 is critical",
        links: "those in `source` and `details`")

    static func setup(url: String, key: String) -> [SetupStep] {
        let server = url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
        return [
            SetupStep("Point an Opsgenie client at this address instead of https://api.opsgenie.com.", code: server),
            SetupStep("Give it this as its API key.", code: key),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        isWebhook(json) || json.has("message", "alias") || json.has("message", "responders")
            || json.has("message", "priority", "tags")
    }

    private static func isWebhook(_ json: JSON) -> Bool {
        json["alert"]?.object != nil && json["alert"]?.text("alertId", "tinyId") != nil && json["action"] != nil
    }

    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        guard let identifier = payload.parameters["identifier"], !identifier.isEmpty else {
            return try decodeBody(of: payload, options)
        }
        // The body of these requests may be empty and is not needed.
        let json = (try? Body.json(of: payload)) ?? .null
        let action = payload.parameters["action"] ?? "delete"
        if let update = update(action, of: identifier, json, payload) { return update }
        return self.action(action, on: identifier, json)
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if Self.isWebhook(json) { return Decoded(webhook(json)) }
        guard let message = json.text("message") else {
            throw .unprocessable([FieldFault("message", "Say in one line what is wrong.")])
        }
        var draft = alert(json)
        draft.title = message
        draft.key = json.text("alias") ?? payload.uniqueKey.rawValue
        return Decoded(draft)
    }

    /// Changes the title or text of an open alert. Nil when it is not open, or for another action.
    private func update(_ action: String, of identifier: String, _ json: JSON, _ payload: Payload) -> Decoded? {
        guard let title = payload.parameters["title"], let text = payload.parameters["text"] else { return nil }
        var draft = Draft(title: title)
        switch action.lowercased() {
        case "message":
            guard let message = json.text("message") else { return nil }
            draft.title = message
            draft.text = [text]
        case "description":
            guard let description = json.text("description") else { return nil }
            draft.text = [description]
        default: return nil
        }
        draft.key = identifier
        return Decoded(draft)
    }

    private func action(_ action: String, on identifier: String, _ json: JSON) -> Decoded {
        var draft = Draft(title: identifier)
        switch action.lowercased() {
        case "close", "delete": draft.status = .resolved
        case "acknowledge": draft.status = .acknowledged
        default:
            draft.status = .informational
            draft.title = action.lowercased() == "notes" ? json.text("note") ?? "Note" : "Opsgenie: \(action)"
        }
        draft.text = [json.text("note"), json.text("user").map { "By \($0)" }]
        draft.key = identifier
        draft.label("source", json.text("source"))
        var decoded = Decoded(draft)
        if draft.status == .informational { decoded.notes = ["“\(Clean.name(action))” was noted."] }
        return decoded
    }

    private func webhook(_ json: JSON) -> Draft {
        let alert = json["alert"] ?? .null
        var draft = self.alert(alert)
        draft.title = alert.text("message") ?? alert.text("alias", "alertId")
        draft.key = alert.text("alias", "alertId")
        switch json.text("action")?.lowercased() {
        case "create", "unacknowledge": draft.status = .firing
        case "close", "delete": draft.status = .resolved
        case "acknowledge": draft.status = .acknowledged
        default: draft.status = .informational
        }
        if draft.status == .firing { draft.startsAt = alert.instant("createdAt") }
        draft.label("tiny_id", alert.text("tinyId"))
        draft.label("action", json.text("action"))
        return draft
    }

    /// The fields that requests and webhooks have in common.
    private func alert(_ json: JSON) -> Draft {
        var draft = Draft()
        draft.text = [json.text("description"), json.text("note")]
        draft.severity = Severity(loose: json.text("priority"))
        draft.read(details: json["details"])
        for name in ["entity", "source", "user"] { draft.label(name, json.text(name)) }
        let tags = (json["tags"]?.array ?? []).compactMap(\.text)
        draft.label("tags", tags.isEmpty ? nil : tags.joined(separator: ", "))
        let responders = (json["responders"]?.array ?? []).compactMap { $0.text("name", "username", "id") }
        draft.label("responders", responders.isEmpty ? nil : responders.joined(separator: ", "))
        draft.link("Source", json.text("source"))
        for member in json["details"]?.object?.members ?? [] { draft.link(member.name, member.value.text) }
        return draft
    }
}

/// How a request to Opsgenie's API identifies its alert.
package enum OpsgenieIdentifier: Sendable, Hashable {
    /// The dedup key.
    case alias(String)
    /// The id that the answer to the alert's creation contained.
    case id(String)
    /// The number that people see.
    case tiny(Int)
}

extension Payload {
    /// The identification from the route and its query. Nil when an alert is created.
    ///
    /// The caller converts an id or number to the dedup key and stores that in `parameters["identifier"]`. Anything
    /// else counts as an alias, because clients forget `identifierType`.
    package var opsgenieIdentifier: OpsgenieIdentifier? {
        guard let identifier = parameters["identifier"], !identifier.isEmpty else { return nil }
        switch query["identifierType"]?.lowercased() {
        case "alias": return .alias(identifier)
        case "tiny": return Int(identifier).map(OpsgenieIdentifier.tiny) ?? .alias(identifier)
        default: return .id(identifier)
        }
    }
}
