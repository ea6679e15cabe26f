internal import Domain
internal import Formats

/// PagerDuty's webhooks about its incidents, versions 3, 2 and 1.
struct PagerDutyWebhook {
    private struct Message {
        let event: String
        let incident: JSON
    }

    private let messages: [Message]

    /// Nil when the payload is not one of these.
    init?(_ json: JSON) {
        if let event = json["event"], let type = event.text("event_type"), let data = event["data"] {
            // Notes and status updates only refer to their incident.
            messages = [Message(event: type, incident: data["incident"] ?? data)]
            return
        }
        guard let list = json["messages"]?.array, !list.isEmpty else { return nil }
        messages = list.compactMap { message in
            guard let event = message.text("event", "type"),
                let incident = message["incident"] ?? message.at("data.incident")
            else { return nil }
            return Message(event: event, incident: incident)
        }
        if messages.isEmpty { return nil }
    }

    var decoded: Decoded {
        Decoded(entries: messages.prefix(Payload.Limits.events).map { entry($0) }, isList: messages.count > 1)
    }

    private func entry(_ message: Message) -> Decoded.Entry {
        let incident = message.incident
        var draft = Draft()
        draft.status = status(message.event)
        draft.title =
            incident.text(
                "title", "trigger_summary_data.subject", "trigger_summary_data.description", "summary", "description")
            ?? incident.text("service.name", "service.summary").map { "Incident of \($0)" } ?? "PagerDuty incident"
        draft.text = [
            incident.text("body.details", "first_trigger_log_entry.summary"),
            incident.text("trigger_summary_data.description"),
        ]
        draft.key = incident.text("id", "incident_key")
        draft.severity = Severity(loose: incident.text("priority.summary", "priority.name"))
        if draft.severity == nil, incident.text("urgency") == "low" { draft.severity = .warning }
        draft.link("PagerDuty", incident.text("html_url"))
        draft.label("service", incident.text("service.name", "service.summary"))
        draft.label("incident_number", incident.text("incident_number", "number"))
        draft.label("urgency", incident.text("urgency"))
        if draft.status == .firing { draft.startsAt = incident.instant("created_at", "created_on") }
        return draft.entry
    }

    /// `incident.trigger` in versions 1 and 2, `incident.triggered` in version 3.
    private func status(_ event: String) -> AlertEvent.Status {
        switch event.split(separator: ".").last.map(String.init) {
        case "trigger", "triggered", "unacknowledge", "unacknowledged", "reopened": .firing
        case "acknowledge", "acknowledged": .acknowledged
        case "resolve", "resolved": .resolved
        default: .informational
        }
    }
}
