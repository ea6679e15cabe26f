internal import Domain
internal import Formats

/// Atlassian Statuspage: another company's status page, to whose incidents and components you can subscribe
/// (https://support.atlassian.com/statuspage/docs/enable-webhook-notifications).
struct StatuspageIntegration: JSONIntegration {
    static let kind = "statuspage"
    static let title = "Atlassian Statuspage"
    static let fields = FieldGuide(
        status: "`incident.status`: resolved, postmortem and completed resolve; maintenance never pages; "
            + "`component_update.new_status`: operational resolves",
        key: "`incident.id`; `component.id`", title: "`incident.name`; `component.name` and its status",
        text: "the newest of `incident_updates`", severity: "`incident.impact`; the component's status",
        links: "`incident.shortlink`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "On the status page, choose Subscribe to updates, then the webhook symbol, and enter this URL with an "
                    + "e-mail address for when it fails.", url: url, key: key)
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("page", "incident") || json.has("component", "component_update")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if let incident = json["incident"], incident.object != nil { return Decoded(read(incident, json["page"])) }
        guard let update = json["component_update"] else { return nil }
        return Decoded(read(update, json["component"] ?? .null, json["page"]))
    }

    private func read(_ incident: JSON, _ page: JSON?) -> Draft {
        var draft = Draft()
        switch incident.text("status")?.lowercased() {
        case "resolved", "postmortem", "completed": draft.status = .resolved
        case "scheduled", "in_progress", "verifying": draft.status = .informational
        default: draft.status = .firing
        }
        draft.title = incident.text("name") ?? "Incident of a status page"
        let newest = incident.at("incident_updates[0]")
        draft.text = [newest?.text("body"), incident.text("status").map { "Status: \(spoken($0))" }]
        draft.severity = severity(incident.text("impact_override", "impact"))
        draft.key = incident.text("id")
        draft.link("Status page", incident.text("shortlink"))
        draft.link("Page", page?.text("url"))
        draft.label("page", page?.text("name", "id"))
        let components = (incident["components"]?.array ?? []).compactMap { $0.text("name") }
        draft.label("components", components.prefix(20).joined(separator: ", "))
        draft.startsAt = incident.instant("started_at", "created_at")
        if draft.status == .resolved { draft.endsAt = incident.instant("resolved_at", "updated_at") }
        return draft
    }

    private func read(_ update: JSON, _ component: JSON, _ page: JSON?) -> Draft {
        let new = update.text("new_status") ?? component.text("status") ?? "unknown"
        var draft = Draft()
        switch new {
        case "operational": draft.status = .resolved
        case "under_maintenance": draft.status = .informational
        default: draft.status = .firing
        }
        draft.title = "\(component.text("name") ?? "A component"): \(spoken(new))"
        draft.text = [
            component.text("description"), update.text("old_status").map { "It was \(spoken($0)) before." },
        ]
        draft.severity = severity(new)
        draft.key = (update.text("component_id") ?? component.text("id")).map { "component/\($0)" }
        draft.link("Page", page?.text("url"))
        draft.label("page", page?.text("name", "id"))
        draft.label("component", component.text("name"))
        draft.happened(at: update.instant("created_at") ?? component.instant("updated_at"))
        return draft
    }

    private func severity(_ word: String?) -> Severity? {
        switch word?.lowercased() {
        case "critical", "major_outage": .critical
        case "major", "partial_outage": .error
        case "minor", "degraded_performance": .warning
        case "none", "maintenance", "under_maintenance", "operational": .info
        default: nil
        }
    }

    private func spoken(_ status: String) -> String { String(status.map { $0 == "_" ? " " : $0 }) }
}
