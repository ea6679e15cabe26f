internal import Domain
internal import Formats

/// Uptime Kuma's webhook (its server/notification-providers/webhook.js): JSON, a form field `data`, or a GET whose
/// query contains the parts as JSON texts.
struct UptimeKumaIntegration: JSONIntegration {
    static let kind = "uptime-kuma"
    static let title = "Uptime Kuma"
    static let fields = FieldGuide(
        status: "`heartbeat.status`: 0 down, 1 up; 2 pending and 3 maintenance never page; the test button fires",
        key: "`monitor.id`", title: "`monitor.name`, else `msg`", text: "`msg`",
        severity: "the source's default; certificates that expire are warnings, tests are info", links: "`monitor.url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Open Settings, Notifications, Setup Notification, choose the type Webhook, request body JSON, and set "
                    + "Post URL:", code: url),
            SetupStep("Switch on Additional Headers and paste:", code: #"{"X-API-Key": "\#(key)"}"#),
            SetupStep("Switch on Default enabled and Apply on all existing monitors."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { json.has("heartbeat", "monitor", "msg") }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard json.has("msg") || json.has("heartbeat") else { return nil }
        let (heartbeat, monitor) = (part(json["heartbeat"]), part(json["monitor"]))
        guard let heartbeat else { return message(json.text("msg"), about: monitor) }
        var draft = Draft()
        draft.status = status(of: heartbeat)
        draft.title = monitor.text("name", "pathName") ?? json.text("msg") ?? "Uptime Kuma"
        draft.text = [json.text("msg") ?? heartbeat.text("msg")]
        draft.key = monitor.text("id") ?? heartbeat.text("monitorID", "monitor_id")
        draft.link("Monitored", monitor.text("url"))
        describe(monitor, in: &draft)
        // The time is in UTC, although it names no zone.
        draft.happened(at: heartbeat.instant("time"))
        return Decoded(draft)
    }

    /// The texts in a GET's query contain JSON.
    private func part(_ json: JSON?) -> JSON? {
        guard case .string(let text)? = json else { return json }
        return (try? JSONParser.parse(text)).flatMap { $0.object == nil ? nil : $0 }
    }

    private func status(of heartbeat: JSON) -> AlertEvent.Status {
        switch heartbeat.text("status") {
        case "0": .firing
        case "1": .resolved
        case "2", "3": .informational
        case let word: word.flatMap { AlertEvent.Status(word: $0) } ?? .firing
        }
    }

    /// Without a heartbeat, this is the test button, or an expiring certificate or domain.
    private func message(_ message: String?, about monitor: JSON?) -> Decoded? {
        guard let message else { return nil }
        var draft = Draft(title: message)
        if message.trimmingBlanks().hasSuffix("Testing") {
            draft.severity = .info
            draft.text = ["This is a test notification; no recovery will follow it."]
        } else {
            draft.severity = .warning
            // The text after it counts down the days.
            if let end = message.firstRange(of: " will ") { draft.key = String(message[..<end.lowerBound]) }
        }
        draft.link("Monitored", monitor.text("url"))
        describe(monitor, in: &draft)
        return Decoded(draft)
    }

    private func describe(_ monitor: JSON?, in draft: inout Draft) {
        draft.label("type", monitor.text("type"))
        draft.label("hostname", monitor.text("hostname"))
        for tag in monitor?["tags"]?.array ?? [] {
            if let name = tag.text("name") { draft.label(name, tag.text("value") ?? "true") }
        }
    }
}

extension JSON? {
    /// Returns the text of a value that is present. Nil otherwise.
    fileprivate func text(_ paths: String...) -> String? { self?.text(paths) }
}
