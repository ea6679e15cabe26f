internal import Domain
internal import Formats

/// The payloads that Azure's action groups send without the common alert schema.
extension AzureMonitorIntegration {
    /// Nil when the payload has none of these forms.
    func older(_ json: JSON) -> Draft? {
        let data = json["data"] ?? json
        if let log = data.at("context.activityLog") { return activity(log, data) }
        if data["AlertRuleName"] != nil || data["LinkToSearchResults"] != nil { return search(data) }
        if let context = data["context"], context.object != nil { return metric(context, data) }
        return json.text("schemaId").map { other(schema: $0, data) }
    }

    /// Reads an unknown schema, like that of budgets. An alert with few details is better than none.
    private func other(schema: String, _ data: JSON) -> Draft {
        var draft = Draft(status: status(data))
        let name = data.text("AlertRuleName", "BudgetName", "name", "title")
        draft.title = name.map { "\($0) (\(schema))" } ?? schema
        draft.text = [(data.object?.members ?? []).map { "\($0.name): \($0.value.rendered)" }.joined(separator: "\n")]
        draft.label(all: data)
        return draft
    }

    /// Reads metric alerts (schema AzureMonitorMetricAlert) and classic alerts, which have no schema.
    private func metric(_ context: JSON, _ data: JSON) -> Draft {
        var draft = Draft(status: status(data))
        draft.title = context.text("name", "condition.metricName", "id") ?? "Azure Monitor alert"
        draft.text = [context.text("description"), conditions(context.at("condition.allOf")), classic(context)]
        draft.severity = Severity(loose: context.text("severity"))
        let parts = [context.text("id", "name"), context.text("resourceId", "resourceName")].compactMap(\.self)
        draft.key = parts.isEmpty ? nil : parts.joined(separator: "|")
        draft.link("Azure", context.text("portalLink"))
        draft.label("resource", context.text("resourceName"))
        draft.label("group", context.text("resourceGroupName"))
        draft.label("region", context.text("resourceRegion"))
        draft.label(all: data["properties"])
        draft.happened(at: context.instant("timestamp"))
        return draft
    }

    private func status(_ data: JSON) -> AlertEvent.Status {
        data.text("status").flatMap { AlertEvent.Status(word: $0) } == .resolved ? .resolved : .firing
    }

    private func classic(_ context: JSON) -> String? {
        guard let condition = context["condition"], let metric = condition.text("metricName") else { return nil }
        let rule = [metric, condition.text("operator"), condition.text("threshold")].compactMap(\.self)
        return rule.joined(separator: " ") + (condition.text("metricValue").map { ": \($0)" } ?? "")
    }

    /// Reads log search alerts from before 2021 (schema Microsoft.Insights/LogAlert). They have no recovery.
    private func search(_ data: JSON) -> Draft {
        var draft = Draft(title: data.text("AlertRuleName") ?? "Azure log alert")
        let result = data.text("ResultCount").map { "\($0) results" }
        draft.text = [data.text("Description"), data.text("SearchQuery"), result]
        draft.severity = Severity(loose: data.text("Severity"))
        draft.key = [data.text("WorkspaceId", "ApplicationId", "SubscriptionId") ?? "", draft.title ?? ""].joined(
            separator: "|")
        draft.link("Search results", data.text("LinkToSearchResults"))
        draft.startsAt = data.instant("SearchIntervalEndtimeUtc", "SearchIntervalEndTimeUtc")
        return draft
    }

    /// Reads activity log alerts (schema Microsoft.Insights/activityLogs).
    private func activity(_ log: JSON, _ data: JSON) -> Draft {
        let properties = log["properties"] ?? .null
        let words = [log.text("status"), properties.text("stage"), properties.text("currentHealthStatus")]
        let isOver = words.contains { ["resolved", "available", "complete"].contains($0?.lowercased()) }
        var draft = Draft(status: isOver ? .resolved : status(data))
        draft.title = properties.text("title") ?? log.text("operationName", "description") ?? "Azure activity"
        draft.text = [
            log.text("description"), properties.text("defaultLanguageContent", "communication", "details", "cause"),
        ]
        draft.severity = Severity(loose: log.text("level"))
        draft.key = properties.text("trackingId") ?? log.text("resourceId", "correlationId", "eventDataId")
        draft.label("resource", log.text("resourceId"))
        draft.label("operation", log.text("operationName"))
        draft.label("caller", log.text("caller"))
        draft.label(all: data["properties"])
        draft.happened(at: log.instant("eventTimestamp"))
        return draft
    }
}
