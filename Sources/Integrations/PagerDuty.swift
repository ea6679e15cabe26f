internal import Domain
internal import Formats

/// PagerDuty's Events API, versions 2 and 1, its change events, and PagerDuty's own webhooks. For teams that move from
/// PagerDuty or mirror it.
///
/// https://developer.pagerduty.com/docs/events-api-v2-overview
struct PagerDutyIntegration: JSONIntegration {
    static let kind = "pagerduty"
    static let title = "PagerDuty Events API"
    static let fields = FieldGuide(
        status: "`event_action`: trigger, acknowledge, resolve; webhooks `event.event_type`; change events are noted",
        key: "`dedup_key`, made up and answered when missing; version 1 `incident_key`; webhooks the incident's id",
        title: "`payload.summary`; version 1 `description`; webhooks the incident's title",
        text: "`payload.custom_details`", severity: "`payload.severity`; webhooks `priority`",
        links: "`links[].href`, `images[].src`, `client_url`; webhooks `html_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        let server = url.split(separator: "/", maxSplits: 3).prefix(2).joined(separator: "//")
        return [
            SetupStep(
                "Point a PagerDuty client at this address instead of https://events.pagerduty.com/v2/enqueue.",
                code: "\(server)/v2/enqueue"),
            SetupStep("Give it this as its routing key (integration key).", code: key),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("routing_key") || json.has("event_action", "payload") || json.has("service_key", "event_type")
            || PagerDutyWebhook(json) != nil
    }

    /// PagerDuty signs its webhooks, but clients of its API do not. If the header is present, it must be right.
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {
        guard let secret = options.secret, let header = payload.headers["x-pagerduty-signature"] else { return }
        let signatures = header.split(separator: ",").map { $0.trimmingBlanks() }.filter { $0.hasPrefix("v1=") }
        try Signature(secret).check(signatures.map { String($0.dropFirst(3)) }, of: payload.body)
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if let webhook = PagerDutyWebhook(json) { return webhook.decoded }
        if json["event_type"] != nil { return try event(json, version1: true, payload) }
        if json["event_action"] != nil { return try event(json, version1: false, payload) }
        return json.at("payload.summary") == nil ? nil : change(json, payload)
    }

    private func event(_ json: JSON, version1: Bool, _ payload: Payload) throws(PayloadError) -> Decoded {
        let (actionName, keyName) = version1 ? ("event_type", "incident_key") : ("event_action", "dedup_key")
        let key = json.text(keyName)
        let summary = version1 ? json.text("description") : json.text("payload.summary", "description")
        var draft = version1 ? Draft() : details(of: json)
        switch json.text(actionName)?.lowercased() {
        case "trigger":
            draft.status = .firing
            guard let summary else {
                let field = version1 ? "description" : "payload.summary"
                throw .unprocessable([FieldFault(field, "Say in one line what is wrong.")])
            }
            draft.title = summary
        case "acknowledge": draft.status = .acknowledged
        case "resolve": draft.status = .resolved
        default:
            throw .unprocessable([FieldFault(actionName, "Write trigger, acknowledge or resolve.")])
        }
        if draft.status != .firing {
            guard key != nil else {
                throw .unprocessable([FieldFault(keyName, "Name the key of the alert that this event is about.")])
            }
            draft.title = summary ?? key
            draft.startsAt = nil
        }
        draft.key = key ?? payload.uniqueKey.rawValue
        if version1 { draft.read(details: json["details"]) }
        draft.link(json.text("client") ?? "Source", json.text("client_url"))
        draft.label("client", json.text("client"))
        for context in json["contexts"]?.array ?? [] {
            draft.link(context.text("text", "alt") ?? "Link", context.text("href", "src"))
        }
        return Decoded(draft)
    }

    /// The parts that trigger events and change events of version 2 share.
    private func details(of json: JSON) -> Draft {
        var draft = Draft()
        let payload = json["payload"] ?? .null
        draft.severity = Severity(loose: payload.text("severity"))
        draft.startsAt = payload.instant("timestamp")
        for name in ["source", "component", "group", "class"] { draft.label(name, payload.text(name)) }
        draft.read(details: payload["custom_details"])
        for link in json["links"]?.array ?? [] { draft.link(link.text("text") ?? "Link", link.text("href")) }
        for image in json["images"]?.array ?? [] {
            draft.link(image.text("alt") ?? "Image", image.text("src"))
            draft.link(image.text("alt") ?? "Image", image.text("href"))
        }
        return draft
    }

    /// A deployment or another change. It is recorded, but pages nobody.
    private func change(_ json: JSON, _ payload: Payload) -> Decoded {
        var draft = details(of: json)
        draft.status = .informational
        draft.title = json.text("payload.summary")
        draft.key = payload.uniqueKey.rawValue
        var decoded = Decoded(draft)
        decoded.notes = ["A change event was noted; it opens no incident."]
        return decoded
    }
}

extension Draft {
    /// Reads custom details: all of them as text, the short ones also as labels.
    mutating func read(details: JSON?) {
        guard let details else { return }
        guard let members = details.object?.members else {
            text.append(details.rendered)
            return
        }
        text.append(members.map { "\($0.name): \($0.value.rendered)" }.joined(separator: "\n"))
        for member in members where member.value.text.map({ $0.utf8.count <= 200 && !$0.contains("\n") }) == true {
            label(member.name, member.value.text)
        }
    }
}

extension Payload {
    /// The source's key in PagerDuty's protocol, which sends it in the body. Nil when there is none.
    package var routingKey: String? { (try? Body.json(of: self))?.text("routing_key", "service_key") }
}
