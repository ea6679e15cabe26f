internal import Domain
internal import Formats

/// Sentry's internal integrations (issues, alert rules, metric alerts) and its older webhook plugin.
///
/// https://docs.sentry.io/organization/integrations/integration-platform/webhooks/
struct SentryIntegration: JSONIntegration {
    static let kind = "sentry"
    static let title = "Sentry"
    static let fields = FieldGuide(
        status: "`action`: created, triggered, critical, warning fire; resolved resolves; anything else is noted",
        key: "the issue's id, also of an event; `data.metric_alert.id`",
        title: "`data.issue.title`, `data.event.title`, `data.description_title`",
        text: "`culprit`, `triggered_rule`, `description_text`",
        severity: "`level`; a metric alert's `action`", links: "`web_url`, `permalink`, `issue_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            .address(
                "In Sentry, open Settings, Custom Integrations, create an internal integration with this webhook URL, "
                    + "switch Alert Rule Action on and subscribe to issues.", url: url, key: key),
            SetupStep("Copy the integration's client secret into the source's secret: signatures are checked with it."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        let data = json["data"]
        return json["action"] != nil
            && (data?["issue"] ?? data?["event"] ?? data?["error"] ?? data?["metric_alert"])?.object != nil
            && data?["essentials"] == nil
            || json.has("project_name", "event", "culprit")
    }

    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {
        guard let secret = options.secret else { return }
        try Signature(secret).check([payload.headers["sentry-hook-signature"]], of: payload.body)
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let data = json["data"] else { return json.has("project_name", "event") ? Decoded(plugin(json)) : nil }
        let action = json.text("action")?.lowercased() ?? "triggered"
        if let alert = data["metric_alert"] { return Decoded(metric(alert, data, action)) }
        // Comments and similar events name their issue, but are not problems.
        if let issue = data["issue"], issue.object != nil { return Decoded(self.issue(issue, data, action)) }
        if let event = data["event"] ?? data["error"] { return Decoded(self.event(event, data)) }
        return .nothing(
            "A webhook about “\(Clean.name(payload.headers["sentry-hook-resource"] ?? action))” holds no alert.")
    }

    private func issue(_ issue: JSON, _ data: JSON, _ action: String) -> Draft {
        var draft = Draft(title: issue.text("title", "metadata.title", "metadata.value", "shortId"))
        switch action {
        case "created", "triggered", "unresolved", "reopened": draft.status = .firing
        case "resolved": draft.status = .resolved
        default: draft.status = .informational
        }
        draft.text = [
            issue.text("culprit"), issue.text("metadata.value"),
            draft.status == .informational ? "Sentry: \(action)" : nil,
        ]
        draft.severity = Severity(loose: issue.text("level"))
        draft.key = issue.text("id")
        draft.link("Sentry", issue.text("web_url"))
        draft.link("Sentry", issue.text("permalink"))
        draft.label("project", issue.text("project.slug", "project.name"))
        draft.label("issue", issue.text("shortId"))
        draft.label("platform", issue.text("platform"))
        if draft.status == .firing { draft.startsAt = issue.instant("firstSeen") }
        return draft
    }

    /// An issue's alert rule was triggered.
    private func event(_ event: JSON, _ data: JSON) -> Draft {
        var draft = Draft(title: event.text("title", "message", "metadata.title", "culprit"))
        draft.text = [
            data.text("triggered_rule").map { "Rule: \($0)" }, event.text("culprit"), event.text("message"),
            event.text("metadata.value"),
        ]
        draft.severity = Severity(loose: event.text("level"))
        draft.key = event.text("issue_id", "groupID") ?? issueID(event.text("issue_url")) ?? event.text("event_id")
        draft.link("Sentry", event.text("web_url"))
        draft.link("Issue", event.text("issue_url"))
        draft.label("rule", data.text("triggered_rule"))
        draft.label("project", event.text("project_slug", "project"))
        for tag in event["tags"]?.array ?? [] {
            if let name = tag.text("[0]", "key") { draft.label(name, tag.text("[1]", "value")) }
        }
        draft.startsAt = event.instant("datetime", "timestamp")
        return draft
    }

    /// `https://sentry.io/api/0/issues/1635244907/`
    private func issueID(_ url: String?) -> String? {
        let parts = url?.split(separator: "/") ?? []
        guard let place = parts.lastIndex(of: "issues"), place + 1 < parts.count else { return nil }
        return String(parts[place + 1])
    }

    private func metric(_ alert: JSON, _ data: JSON, _ action: String) -> Draft {
        var draft = Draft(title: data.text("description_title") ?? alert.text("title", "alert_rule.name"))
        draft.status = action == "resolved" ? .resolved : .firing
        draft.severity = Severity(loose: action)
        draft.text = [data.text("description_text"), alert.text("alert_rule.name").map { "Rule: \($0)" }]
        draft.key = alert.text("id", "identifier").map { "metric-alert/\($0)" }
        draft.link("Sentry", data.text("web_url"))
        draft.label("rule", alert.text("alert_rule.name"))
        draft.label("project", alert.text("projects[0]"))
        if draft.status == .firing { draft.startsAt = alert.instant("date_started") }
        return draft
    }

    private func plugin(_ json: JSON) -> Draft {
        var draft = Draft(title: json.text("event.title", "message", "event.message", "culprit"))
        draft.text = [json.text("culprit"), json.text("message")]
        draft.severity = Severity(loose: json.text("level"))
        draft.key = json.text("id", "event.event_id")
        draft.link("Sentry", json.text("url"))
        draft.label("project", json.text("project_slug", "project_name"))
        draft.label("rule", json.text("triggering_rules[0]"))
        return draft
    }
}
