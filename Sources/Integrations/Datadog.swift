internal import Domain
internal import Formats

/// Datadog's webhook integration: the default payload, or one built from `$VARIABLES` with names that people choose
/// (https://docs.datadoghq.com/integrations/webhooks/).
struct DatadogIntegration: JSONIntegration {
    static let kind = "datadog"
    static let title = "Datadog"
    static let fields = FieldGuide(
        status:
            "`alert_transition`, else the title's: Triggered, Warn, No Data and their repeats fire, Recovered resolves",
        key:
            "`monitor_id` or `alert_id` with `scopes` or `alert_scope`; else `alert_cycle_key`, `aggreg_key`; else the "
            + "title without its state", title: "`title`", text: "`body`, `alert_query`",
        severity: "`priority` or `severity`: P1 to P5; Warn is a warning at most", links: "`link` or `url`, `snapshot`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep("Open Integrations, Webhooks, New, name it pagerpal, and set the URL:", code: url),
            SetupStep(
                "Paste the payload.",
                code: """
                    {"title": "$EVENT_TITLE", "body": "$EVENT_MSG", "alert_transition": "$ALERT_TRANSITION",
                     "alert_id": "$ALERT_ID", "alert_scope": "$ALERT_SCOPE", "priority": "$ALERT_PRIORITY",
                     "date": "$DATE", "link": "$LINK", "snapshot": "$SNAPSHOT", "tags": "$TAGS"}
                    """),
            SetupStep("Switch on Custom Headers and paste:", code: #"{"X-API-Key": "\#(key)"}"#),
            SetupStep("Name it in the message of a monitor.", code: "@webhook-pagerpal"),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("alert_transition") || json.has("event_type", "last_updated", "title")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let names = Names(json, isPlaceholder: isPlaceholder)
        guard let text = names["title", "alerttitle", "eventtitle", "monitorname", "name"] else { return nil }
        let title = DatadogTitle(text)
        let stated = names["alerttransition", "transition", "alertstate"]
        let transition = (stated ?? title.state ?? "").lowercased()
        let isOver = transition.contains("recovered") || stated == nil && names["alerttype"] == "success"
        var draft = Draft(title: text)
        draft.status = isOver ? .resolved : AlertEvent.Status(word: transition) ?? .firing
        draft.text = [
            names["body", "eventmsg", "message", "textonlymsg", "alertstatus"].map(withoutFences),
            names["alertquery", "query"],
        ]
        draft.severity = severity(names, title, isWarning: transition.contains("warn"))
        draft.key = key(names, title)
        draft.link("Datadog", names["link", "url", "eventurl", "monitorurl"])
        draft.link("Snapshot", names["snapshot", "snapshoturl", "imageurl"])
        draft.label(tags: names["tags", "alerttags"])
        draft.label("scope", names["scopes", "alertscope", "scope"])
        draft.label("host", names["host", "hostname"])
        draft.happened(at: names["date", "lastupdated", "timestamp"].flatMap(Clean.instant))
        return Decoded(draft)
    }

    /// Whether a text is a variable without a value: `$ALERT_SCOPE`, `Null`.
    private func isPlaceholder(_ text: String) -> Bool {
        text.lowercased() == "null"
            || text.hasPrefix("$") && text.count > 1
                && text.dropFirst().allSatisfy { $0.isUppercase || $0 == "_" || $0.isNumber }
    }

    /// Removes the `%%%` lines that enclose Markdown.
    private func withoutFences(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.trimmingBlanks() == "%%%" ? "" : line
        }.joined(separator: "\n")
    }

    private func severity(_ names: Names, _ title: DatadogTitle, isWarning: Bool) -> Severity? {
        let severity = Severity(loose: names["alertpriority", "priority", "severity"] ?? title.priority)
        let isMild = isWarning || severity == nil && names["alerttype"] == "warning"
        return isMild ? min(severity ?? .warning, .warning) : severity
    }

    /// The event's own id is different each time, so it cannot be the key.
    private func key(_ names: Names, _ title: DatadogTitle) -> String? {
        let scope = names["scopes", "alertscope", "scope"] ?? title.scope ?? ""
        if let monitor = names["monitorid", "alertid"] { return scope.isEmpty ? monitor : "\(monitor)/\(scope)" }
        if let cycle = names["alertcyclekey", "cyclekey", "aggregkey", "aggregationkey"] { return cycle }
        return scope.isEmpty ? title.name : "\(title.name)/\(scope)"
    }
}

/// The parts of `[P2] [Re-Triggered on {host:db1}] Disk is full`.
private struct DatadogTitle {
    private(set) var name: String
    private(set) var state: String?
    private(set) var scope: String?
    private(set) var priority: String?

    init(_ text: String) {
        name = text.trimmingBlanks()
        while name.hasPrefix("["), let end = name.firstIndex(of: "]") {
            let group = name[name.index(after: name.startIndex)..<end]
            let words = group.split(separator: " on ", maxSplits: 1)
            if group.count == 2, group.hasPrefix("P") {
                priority = String(group)
            } else if state == nil {
                state = words.first.map(String.init)
                scope = words.count == 2 ? words[1].filter { $0 != "{" && $0 != "}" } : nil
            }
            name = name[name.index(after: end)...].trimmingBlanks()
        }
    }
}
