internal import Domain
internal import Formats

/// Librato's and AppOptics' webhook, versions 1 and 2.
///
/// https://docs.appoptics.com/kb/alerts/webhooks/
struct LibratoIntegration: JSONIntegration {
    static let kind = "librato"
    static let title = "Librato, AppOptics"
    static let fields = FieldGuide(
        status: "`violations` fire, `clear` resolves", key: "`alert.id`", title: "`alert.name`",
        text: "`alert.description`, the violated conditions", severity: "the source's default",
        links: "`alert.runbook_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [.address("Under Integrations, add a Webhook with this URL, and choose it in the alert.", url: url, key: key)]
    }

    static func recognises(_ json: JSON) -> Bool {
        json["alert"]?.object != nil
            && (json["violations"] ?? json["clear"] ?? json["measurement"]) != nil && json["trigger_time"] != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let alert = json["alert"], alert.object != nil else {
            return json["attachments"] == nil ? nil : .nothing("A snapshot of a chart holds no alert.")
        }
        let isOver = json["clear"].map { $0.boolean != false } ?? false
        var draft = Draft(
            title: alert.text("name") ?? json.text("metric.name") ?? alert.text("id").map { "Alert \($0)" })
        draft.status = isOver ? .resolved : .firing
        draft.text = [
            alert.text("description"), violations(json), measurement(json),
            json["triggered_by_user_test"]?.boolean == true ? "This is a test by a person." : nil,
        ]
        draft.key = alert.text("id", "name")
        draft.link("Run book", alert.text("runbook_url"))
        draft.label("account", json.text("account"))
        draft.label("metric", json.text("metric.name"))
        let instant = json.instant("trigger_time")
        if isOver { draft.endsAt = instant } else { draft.startsAt = instant }
        return Decoded(draft)
    }

    private func violations(_ json: JSON) -> String? {
        let conditions = json["conditions"]?.array ?? []
        let lines = (json["violations"]?.object?.members ?? []).flatMap { source in
            (source.value.array ?? []).map { violation in
                let id = violation.text("condition_violated")
                let condition = conditions.first { $0.text("id") == id }
                let rule = [condition?.text("type"), condition?.text("threshold")].compactMap(\.self)
                let value =
                    "\(violation.text("metric") ?? "metric") of \(source.name) is \(violation.text("value") ?? "?")"
                return rule.isEmpty ? value : "\(value) (\(rule.joined(separator: " ")))"
            }
        }
        return lines.isEmpty ? nil : lines.prefix(50).joined(separator: "\n")
    }

    private func measurement(_ json: JSON) -> String? {
        guard let measurement = json["measurement"], let value = measurement.text("value") else { return nil }
        return "\(json.text("metric.name") ?? "metric") of \(measurement.text("source") ?? "?") is \(value)"
    }
}
