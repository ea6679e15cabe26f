internal import Domain
internal import Formats

/// New Relic: a workflow's webhook, the older notification channels (`current_state`), and the oldest form, whose
/// fields `alert` and `deployment` contain JSON.
struct NewRelicIntegration: JSONIntegration {
    static let kind = "newrelic"
    static let title = "New Relic"
    static let fields = FieldGuide(
        status: "`state` or `current_state`: CREATED, ACTIVATED, open; CLOSED; ACKNOWLEDGED; deployments never page",
        key: "`id` or `issueId`; before workflows `incident_id`, else `alert_url`",
        title: "`title`, else `alertConditionNames` or `condition_name`; in the oldest form `message`",
        text: "`details`, `impactedEntities`, `alertPolicyNames`; `long_description`",
        severity: "`priority` or `severity`", links: "`issueUrl`, `incident_url`, `runbook_url`, `alert_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep("Under Alerts, Destinations, add a Webhook with this URL.", code: url),
            SetupStep("Choose the authorization Bearer token and paste:", code: key),
            SetupStep(
                "Under Alerts, Workflows, add a workflow that notifies this destination; its default payload fits."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("issueUrl", "state") || json.has("current_state", "incident_id")
            || json.has("current_state", "condition_name")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        // `Body` has already decoded the fields `alert` and `deployment` of the oldest form.
        if json.has("deployed_by") || json.has("deployment_url") { return noted(json) }
        if json.has("short_description") || json.has("alert_url") { return Decoded(oldest(json)) }
        let isWorkflow = json.has("issueUrl") || json.has("issueId") || json.has("state", "priority")
        guard isWorkflow || json.has("current_state") || json.has("incident_id") else { return nil }
        return Decoded(issue(json))
    }

    private func issue(_ json: JSON) -> Draft {
        var draft = Draft()
        draft.status = json.text("state", "current_state").flatMap { AlertEvent.Status(word: $0) } ?? .firing
        let condition = json.text("condition_name", "alertConditionNames[0]", "alertConditionNames")
        draft.title =
            json.text("title", "title[0]", "issueTitle") ?? condition
            ?? json.text("details", "alertPolicyNames[0]", "policy_name") ?? "New Relic issue"
        draft.text = [
            json.text("details", "description", "annotations.description[0]").map { $0 == draft.title ? "" : $0 },
            condition.map { $0 == draft.title ? "" : "Condition: \($0)" },
            list(json["impactedEntities"] ?? json["entitiesData.names"]).map { "Entities: \($0)" },
            (list(json["alertPolicyNames"]) ?? json.text("policy_name")).map { "Policy: \($0)" },
        ]
        draft.severity = Severity(loose: json.text("priority", "severity"))
        draft.key = json.text("id", "issueId", "incident_id", "issueUrl", "incident_url")
        draft.link("New Relic", json.text("issueUrl", "issuePageUrl", "incident_url"))
        draft.link("Run book", json.text("runbook_url", "runbookUrl", "annotations.runbookUrl[0]"))
        draft.link("Chart", json.text("violation_chart_url", "violationChartUrl", "violation_callback_url"))
        draft.label("account", json.text("account_name", "accountName", "account_id", "nrAccountId"))
        draft.label("workflow", json.text("workflowName"))
        draft.label("targets", list(json["targets"]))
        if let created = json.instant("createdAt", "activatedAt") {
            // An issue's times are the same in all its notifications.
            draft.startsAt = created
            if draft.status == .resolved { draft.endsAt = json.instant("closedAt", "updatedAt") }
        } else {
            draft.happened(at: json.instant("timestamp"))
        }
        return draft
    }

    /// Returns the names in a list of texts or of objects with a name. A plain text is returned as it is.
    private func list(_ json: JSON?) -> String? {
        let names = json?.array.map { $0.compactMap { $0.text ?? $0.text("name") } } ?? [json?.text].compactMap(\.self)
        let usable = names.filter { !$0.isEmpty }
        return usable.isEmpty ? nil : usable.prefix(20).joined(separator: ", ")
    }

    private func oldest(_ json: JSON) -> Draft {
        let words = (json.text("short_description") ?? "").lowercased()
        let isOver = ["closed", "ended", "recovered"].contains { words.contains($0) }
        var draft = Draft(status: isOver ? .resolved : .firing)
        draft.title = json.text("message", "short_description", "long_description") ?? "New Relic alert"
        draft.text = [json.text("long_description", "short_description")]
        draft.severity = Severity(loose: json.text("severity"))
        draft.key = json.text("alert_url") ?? json.text("application_name", "server_name", "alert_policy_name")
        draft.link("New Relic", json.text("alert_url"))
        draft.label("application", json.text("application_name"))
        draft.label("account", json.text("account_name"))
        draft.happened(at: json.instant("created_at"))
        return draft
    }

    private func noted(_ json: JSON) -> Decoded {
        var draft = Draft(status: .informational)
        draft.title = "Deployment of \(json.text("application_name") ?? "an application")"
        draft.text = [json.text("description"), json.text("changelog"), json.text("revision").map { "Revision \($0)" }]
        draft.link("New Relic", json.text("deployment_url"))
        return Decoded(draft)
    }
}
