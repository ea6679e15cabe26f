internal import Domain
internal import Formats

/// Pingdom's webhook for uptime and transaction checks (https://www.pingdom.com/resources/webhooks/).
struct PingdomIntegration: JSONIntegration {
    static let kind = "pingdom"
    static let title = "Pingdom"
    static let fields = FieldGuide(
        status: "`current_state`: DOWN or FAILING, UP or SUCCESS", key: "`check_id`", title: "`check_name`",
        text: "`description`, `long_description`, `custom_message`",
        severity: "`importance_level`: HIGH is critical, LOW a warning", links: "`check_params.full_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "Open Integrations, Add integration, choose the type Webhook, and enter this URL.", url: url, key: key),
            SetupStep("Tick the integration in each check, under Connect integrations."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { json.has("check_id", "current_state") }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard json.has("check_id") || json.has("check_name", "current_state") else { return nil }
        var draft = Draft()
        draft.status = status(json.text("current_state"))
        draft.title = json.text("check_name", "check_params.hostname", "check_id")
        draft.text = [json.text("description"), json.text("long_description"), json.text("custom_message")]
        if json.text("description") == json.text("long_description") { draft.text.remove(at: 1) }
        draft.severity = severity(json.text("importance_level"))
        draft.key = json.text("check_id", "check_name")
        draft.link("Monitored", json.text("check_params.full_url", "check_params.url"))
        draft.label("type", json.text("check_type"))
        draft.label("hostname", json.text("check_params.hostname"))
        draft.label("probe", json.text("first_probe.location"))
        draft.label("tags", json["tags"]?.array?.compactMap { $0.text ?? $0.text("name") }.joined(separator: ", "))
        draft.happened(at: json.instant("state_changed_timestamp", "state_changed_utc_time"))
        return Decoded(draft)
    }

    private func status(_ state: String?) -> AlertEvent.Status {
        switch state?.uppercased() {
        case "UP", "SUCCESS": .resolved
        case "PAUSED", "UNKNOWN": .informational
        default: .firing
        }
    }

    private func severity(_ level: String?) -> Severity? {
        switch level?.uppercased() {
        case "HIGH": .critical
        case "LOW": .warning
        default: nil
        }
    }
}
