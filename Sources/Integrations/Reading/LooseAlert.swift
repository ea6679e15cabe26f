internal import Domain
internal import Formats

/// Reads an alert with unknown field names by the most common ones.
///
/// The generic route uses it, and all other routes do when a payload does not have the documented shape.
enum LooseAlert {
    /// The names under which to look for a title, in this order.
    static let titles = [
        "title", "summary", "subject", "alertname", "alert_name", "alert", "name", "message", "description", "text",
    ]
    /// Objects that senders put around the alert.
    private static let wrappers = ["data", "alert", "payload", "event", "incident"]

    /// Reads one object or an array of them.
    static func decode(_ json: JSON, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        guard let values = json.array else {
            guard let draft = draft(json, options), let event = draft.event else { throw missingTitle }
            return Decoded(entries: [.event(event)])
        }
        guard values.count <= Payload.Limits.events else { throw tooMany }
        let entries = values.map { value in draft(value, options)?.entry ?? Draft().entry }
        guard entries.contains(where: { if case .event = $0 { true } else { false } }) else { throw missingTitle }
        return Decoded(entries: entries, isList: true)
    }

    private static var missingTitle: PayloadError {
        .unprocessable([FieldFault("title", "No title was found; looked for \(titles.joined(separator: ", ")).")])
    }

    private static var tooMany: PayloadError {
        .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
    }

    /// Nil when no title is found.
    static func draft(_ json: JSON, _ options: SourceOptions) -> Draft? {
        for place in [json] + wrappers.compactMap({ json[$0] }) where place.object != nil {
            if let title = place.text(titles) { return draft(place, title) }
        }
        return options.title.map { draft(json, $0) }
    }

    private static func draft(_ json: JSON, _ title: String) -> Draft {
        var draft = Draft(title: title)
        let word = json.text("status", "state", "alert_state", "alert_status", "event_action", "current_state")
        draft.status = word.flatMap { AlertEvent.Status(word: $0) } ?? .firing
        draft.text = [
            ["description", "details", "message", "text", "body"].lazy.compactMap { json.rendered($0) }
                .first { $0 != title }
        ]
        draft.severity = Severity(loose: json.text("severity", "priority", "level", "criticality"))
        draft.key = json.text(
            "external_id", "dedup_key", "incident_key", "alert_uid", "fingerprint", "alias", "alert_id")
        draft.link("Source", json.text("url", "link", "link_to_upstream_details", "source_url", "client_url"))
        draft.link("Image", json.text("image_url", "imageUrl"))
        draft.label(all: json["labels"] ?? json["tags"])
        draft.startsAt = json.instant("starts_at", "startsAt", "started_at", "timestamp", "time")
        return draft
    }
}
