internal import Domain
internal import Formats

/// Google Cloud Monitoring's webhook, versions 1.0 to 1.2
/// (https://cloud.google.com/monitoring/support/notification-options#webhooks).
struct GoogleCloudIntegration: JSONIntegration {
    static let kind = "gcp-monitoring"
    static let title = "Google Cloud Monitoring"
    static let fields = FieldGuide(
        status: "`incident.state`: open, closed, acknowledged", key: "`incident.incident_id`",
        title: "`incident.policy_name`, else `documentation.subject`, `summary` or `condition_name`",
        text: "`summary`, `condition_name`, `documentation.content`",
        severity: "`incident.severity`, else the label `severity` of the policy, the resource or the metadata",
        links: "`incident.url`, `documentation.links`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "Open Monitoring, Alerting, Edit notification channels, and add a Webhook with this URL.", url: url,
                key: key),
            SetupStep(
                "Instead of the key in the URL you may switch on Basic authentication, with the key as password."),
            SetupStep("Choose the channel in the alerting policy, with Notify on incident closure."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { json["incident"]?.has("incident_id", "state") == true }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard let incident = json["incident"], incident.text("incident_id", "state", "policy_name") != nil else {
            return nil
        }
        let documentation = incident["documentation"] ?? .null
        var draft = Draft()
        draft.status = incident.text("state").flatMap { AlertEvent.Status(word: $0) } ?? .firing
        // Some versions send a resource's path as the name, which tells people little.
        let policy = incident.text("policy_name").flatMap { $0.hasPrefix("projects/") ? nil : $0 }
        draft.title =
            policy ?? documentation.text("subject") ?? incident.text("summary", "condition_name", "policy_name")
            ?? "Google Cloud incident"
        draft.text = [
            incident.text("summary").map { $0 == draft.title ? "" : $0 },
            incident.text("condition_name", "condition.displayName").map { "Condition: \($0)" },
            documentation.text("content") ?? incident.text("documentation"),
        ]
        draft.severity = severity(of: incident)
        draft.key = incident.text("incident_id")
        draft.link("Incident", incident.text("url"))
        for link in documentation["links"]?.array ?? [] {
            draft.link(link.text("displayName", "display_name") ?? "Documentation", link.text("url"))
        }
        draft.label("resource", incident.text("resource_display_name", "resource_name", "resource_id"))
        draft.label("project", incident.text("scoping_project_id"))
        for place in ["resource.labels", "metric.labels", "metadata.user_labels", "policy_user_labels"] {
            draft.label(all: incident.at(place))
        }
        draft.startsAt = incident.instant("started_at")
        if draft.status == .resolved { draft.endsAt = incident.instant("ended_at") }
        return Decoded(draft)
    }

    private func severity(of incident: JSON) -> Severity? {
        let places = [
            "severity", "policy_user_labels.severity", "metadata.user_labels.severity",
            "metadata.system_labels.severity",
            "metric.labels.severity",
        ]
        return places.lazy.compactMap { Severity(loose: incident.text($0)) }.first
    }
}
