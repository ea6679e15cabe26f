internal import Domain
internal import Formats

/// updown.io: an array of events (https://updown.io/api#webhooks).
struct UpdownIntegration: JSONIntegration {
    static let kind = "updown"
    static let title = "updown.io"
    static let fields = FieldGuide(
        status: "`event`: check.down, check.up; check.ssl_invalid and check.ssl_expiration, check.ssl_valid and "
            + "check.ssl_renewed; check.performance_drop; any other never pages",
        key: "`check.token`; of certificates and performance one of its own",
        title: "`check.alias`, else `check.url`; of certificates and performance `description`",
        text: "`description`, `downtime.error`, `ssl.error`",
        severity: "the source's default; expiry and performance are warnings",
        links: "`check.url`, `downtime.details_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address("Open Settings, Recipients, add a Webhook with this URL.", url: url, key: key),
            SetupStep("Choose it as a recipient in each check."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        let event = json.array?.first ?? json
        return event.text("event")?.hasPrefix("check.") == true && event["check"] != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let events = json.array ?? [json]
        guard events.count <= Payload.Limits.events, events.contains(where: { $0["event"] != nil }) else { return nil }
        return Decoded(entries: events.map { draft($0).entry }, isList: json.array != nil && events.count != 1)
    }

    private func draft(_ event: JSON) -> Draft {
        let check = event["check"] ?? .null
        let name = check.text("alias", "url", "token") ?? "updown.io check"
        let description = event.text("description")
        let token = check.text("token", "url") ?? name
        var draft = Draft(title: name)
        draft.key = token
        draft.text = [description]
        switch event.text("event") {
        case "check.down":
            draft.text.append(event.text("downtime.error") ?? check.text("error"))
        case "check.up":
            draft.status = .resolved
        case "check.ssl_invalid":
            (draft.title, draft.key) = (description ?? "The certificate of \(name) is invalid", token + "/ssl")
            draft.text = [event.text("ssl.error")]
        case "check.ssl_expiration":
            let days = event.text("ssl.days_before_expiration").map { " in \($0) days" } ?? ""
            (draft.title, draft.key) = (description ?? "The certificate of \(name) expires\(days)", token + "/ssl")
            draft.severity = .warning
        case "check.ssl_valid", "check.ssl_renewed":
            (draft.title, draft.key) = (description ?? "The certificate of \(name) is valid", token + "/ssl")
            draft.status = .resolved
        case "check.performance_drop":
            let drop = event.text("apdex_dropped").map { " by \($0)" } ?? ""
            (draft.title, draft.key) = (description ?? "\(name) became slower\(drop)", token + "/performance")
            draft.severity = .warning
        case let other:
            draft.status = .informational
            draft.text.append(other)
        }
        draft.link("Monitored", check.text("url"))
        draft.link("updown.io", event.text("downtime.details_url"))
        draft.label("url", check.text("url"))
        draft.label("last_status", check.text("last_status"))
        draft.startsAt = event.instant("downtime.started_at")
        if draft.status == .resolved { draft.endsAt = event.instant("downtime.ended_at", "time") }
        return draft
    }
}
