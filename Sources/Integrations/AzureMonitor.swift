internal import Domain
internal import Formats

/// Azure Monitor: the common alert schema
/// (https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-common-schema) and the older forms of
/// AzureMonitor+Older.swift.
struct AzureMonitorIntegration: JSONIntegration {
    static let kind = "azure-monitor"
    static let title = "Azure Monitor"
    static let fields = FieldGuide(
        status:
            "`data.essentials.monitorCondition`: Fired, Resolved; of service and resource health the stage or status; "
            + "older: `status` Activated, Deactivated",
        key: "`data.essentials.alertId`; of service health `trackingId`; older: `context.id` and `resourceId`",
        title: "`data.essentials.alertRule`; of service health its title; older: `context.name`",
        text: "`description`, the conditions that were met", severity: "`severity`: Sev0 to Sev4",
        links: "`investigationLink`, `portalLink`, links to search results")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "Open Monitor, Alerts, Action groups, and add to a group an action of the type Webhook with this URI.",
                url: url, key: key),
            SetupStep("Enable the common alert schema: Yes."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        if let schema = json.text("schemaId")?.lowercased() {
            return schema.hasPrefix("azuremonitor") || schema.hasPrefix("microsoft.insights")
                || json["data"]?.object != nil
        }
        return json.has("status", "context") && json.text("context.resourceId", "context.portalLink") != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if let essentials = json.at("data.essentials") {
            return Decoded(common(essentials, json.at("data.alertContext") ?? .null, json.at("data.customProperties")))
        }
        return older(json).map { Decoded($0) }
    }

    private func common(_ essentials: JSON, _ context: JSON, _ custom: JSON?) -> Draft {
        var draft = Draft()
        draft.status = essentials.text("monitorCondition")?.lowercased() == "resolved" ? .resolved : .firing
        draft.title =
            essentials.text("alertRule") ?? context.text("condition.allOf[0].metricName") ?? "Azure Monitor alert"
        draft.text = [
            essentials.text("description"), conditions(context.at("condition.allOf")),
            // Prometheus rules and smart detection.
            context.text("annotations.description", "annotations.summary"), context.text("DetectionSummary"),
        ]
        draft.severity = Severity(loose: essentials.text("severity"))
        draft.key = essentials.text("alertId", "originAlertId")
        draft.link("Investigate", essentials.text("investigationLink"))
        draft.link("Azure", essentials.text("portalLink"))
        links(of: context, in: &draft)
        draft.label("resource", essentials.text("configurationItems[0]"))
        draft.label("target", essentials.text("alertTargetIDs[0]"))
        draft.label("signal", essentials.text("signalType"))
        draft.label("service", essentials.text("monitoringService"))
        draft.label(all: context["labels"])
        draft.label(all: custom ?? context["properties"].flatMap { context["condition"] == nil ? nil : $0 })
        draft.startsAt = essentials.instant("firedDateTime")
        if draft.status == .resolved { draft.endsAt = essentials.instant("resolvedDateTime") }
        if essentials.text("signalType")?.lowercased().hasPrefix("activity") == true { activity(context, in: &draft) }
        health(essentials, context, in: &draft)
        return draft
    }

    private func links(of context: JSON, in draft: inout Draft) {
        let places = [context, context.at("condition.allOf[0]") ?? .null, context["properties"] ?? .null]
        for place in places {
            draft.link(
                "Search results",
                place.text(
                    "linkToFilteredSearchResultsUI", "linkToSearchResultsUI", "LinkToFilteredSearchResultsUI",
                    "LinkToSearchResults"))
        }
        draft.link("Azure", context.text("portalLink"))
    }

    /// Alerts about the activity log all have the severity Sev4. Their context has the real one, and says what was done and by
    /// whom.
    private func activity(_ context: JSON, in draft: inout Draft) {
        draft.severity = Severity(loose: context.text("level")) ?? draft.severity
        draft.text += [
            context.text("operationName", "authorization.action"), context.text("status").map { "Status: \($0)" },
            context.text("caller").map { "By \($0)" },
            context.text("properties.cause", "properties.statusMessage").map { "Cause: \($0)" },
        ]
        draft.label("caller", context.text("caller"))
        draft.label("operation", context.text("operationName"))
    }

    /// Service and resource health never resolve through `monitorCondition`. Every change is a separate alert.
    private func health(_ essentials: JSON, _ context: JSON, in draft: inout Draft) {
        let service = essentials.text("monitoringService")?.lowercased().filter(\.isLetter) ?? ""
        guard service == "servicehealth" || service == "resourcehealth", draft.status == .firing else { return }
        let properties = context["properties"] ?? .null
        draft.title =
            properties.text("title").map { "\($0) (\(essentials.text("alertRule") ?? "Azure"))" } ?? draft.title
        draft.text.append(properties.text("defaultLanguageContent", "communication", "details"))
        let words = [context.text("status"), properties.text("stage"), properties.text("currentHealthStatus")]
        if words.contains(where: { ["resolved", "available", "complete"].contains($0?.lowercased()) }) {
            draft.status = .resolved
            draft.startsAt = nil
            draft.endsAt = context.instant("eventTimestamp")
        }
        draft.key =
            properties.text("trackingId")
            ?? essentials.text("alertTargetIDs[0]").map { "\(essentials.text("alertRule") ?? "")/\($0)" } ?? draft.key
    }

    /// Returns one line for each condition: `Percentage CPU GreaterThan 25: 7.727`.
    func conditions(_ conditions: JSON?) -> String? {
        let lines = (conditions?.array ?? []).prefix(20).compactMap { condition -> String? in
            guard let name = condition.text("metricName", "metricMeasureColumn", "searchQuery") else { return nil }
            let rule = [name, condition.text("operator"), condition.text("threshold")].compactMap(\.self)
            let dimensions = (condition["dimensions"]?.array ?? []).compactMap { dimension in
                dimension.text("name").map { "\($0)=\(dimension.text("value") ?? "")" }
            }
            let value = condition.text("metricValue").map { ": \($0)" } ?? ""
            return rule.joined(separator: " ") + value
                + (dimensions.isEmpty ? "" : " (\(dimensions.joined(separator: ", ")))")
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
