internal import Domain
internal import Formats

/// UptimeRobot's webhook: its variables as a query, as a form, or as JSON with names that people choose
/// (https://help.uptimerobot.com/en/articles/14498593-webhook-integration).
struct UptimeRobotIntegration: JSONIntegration {
    static let kind = "uptimerobot"
    static let title = "UptimeRobot"
    static let fields = FieldGuide(
        status: "`alertType`: 1 down, 2 up, 3 certificate or domain expires; else `alertTypeFriendlyName`",
        key: "`monitorID`, else `monitorURL`; expiry has a key of its own", title: "`monitorFriendlyName`",
        text: "`alertDetails`", severity: "the source's default; expiry is a warning", links: "`monitorURL`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep.address(
                "Open Integrations, add a Webhook with this URL, and choose Send default variables as POST parameters.",
                url: url, key: key),
            SetupStep(
                "Or choose Send as JSON, with this POST value.",
                code: """
                    {"monitorID": "*monitorID*", "monitorURL": "*monitorURL*",
                     "monitorFriendlyName": "*monitorFriendlyName*", "alertType": "*alertType*",
                     "alertTypeFriendlyName": "*alertTypeFriendlyName*", "alertDetails": "*alertDetails*",
                     "alertDateTime": "*alertDateTime*"}
                    """),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        let names = Names(json)
        return names["alerttype", "alerttypefriendlyname"] != nil && names["monitorurl", "monitorfriendlyname"] != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let names = Names(json, isPlaceholder: isPlaceholder)
        guard names["monitorid", "monitorurl", "monitorfriendlyname"] != nil else { return nil }
        let (type, word) = (names["alerttype", "type"], names["alerttypefriendlyname", "status", "state"])
        let expires = type == "3" || type == "4" || word?.lowercased().contains("expir") == true
        var draft = Draft()
        switch type {
        case "1", "3", "4": draft.status = .firing
        case "2": draft.status = .resolved
        case let other: draft.status = (other ?? word).flatMap { AlertEvent.Status(word: $0) } ?? .firing
        }
        draft.title = names["monitorfriendlyname", "monitorname", "monitorurl", "monitorid"]
        draft.text = [names["alertdetails", "details", "reason"], names["alertfriendlyduration"].map { "For \($0)" }]
        draft.severity = expires ? .warning : nil
        draft.key = names["monitorid", "monitorurl", "monitorfriendlyname"].map { expires ? $0 + "/expiry" : $0 }
        draft.link("Monitored", names["monitorurl"])
        draft.link("UptimeRobot", names["dashboardurl", "incidenturl"])
        draft.label("type", names["monitortype"])
        draft.label(tags: names["monitortags", "tags"])
        draft.happened(at: names["alertdatetime", "alertdatetimeiso"].flatMap(Clean.instant))
        return Decoded(draft)
    }

    /// A variable that was not filled in stays in the text: `*alertFriendlyDuration*`.
    private func isPlaceholder(_ text: String) -> Bool {
        text.count > 2 && text.hasPrefix("*") && text.hasSuffix("*") && !text.contains(" ")
    }
}
