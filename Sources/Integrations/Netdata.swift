internal import Domain
internal import Formats
internal import Foundation

/// Netdata Cloud's webhook, including the challenge that verifies the receiver.
///
/// https://learn.netdata.cloud/docs/alerts-&-notifications/notifications/centralized-cloud-notifications/webhook
struct NetdataIntegration: JSONIntegration {
    static let kind = "netdata"
    static let title = "Netdata Cloud"
    static let fields = FieldGuide(
        status: "`severity`: critical, warning fire, clear resolves; `status.reachable` of a node",
        key: "node, `chart` and `alert`; for reachability the host", title: "`message`",
        text: "`info`, `duration`", severity: "`severity`", links: "`alert_url`, `alarm_url`, `url`, `rooms`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            .address(
                "In the space's settings, open Alerts & Notifications, add a Webhook configuration with this URL.",
                url: url, key: key),
            SetupStep("Copy the configuration's challenge secret into the source's secret: Netdata asks for it."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("alert", "chart", "severity") || json.has("alarm", "chart", "severity")
            || json["host"] != nil && (json.at("status.reachable") ?? json.at("status.text")) != nil
    }

    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        if let token = payload.query["crc_token"] { return try answer(token, options) }
        return try decodeBody(of: payload, options)
    }

    /// Only a receiver that knows the secret can answer with the token's code.
    private func answer(_ token: String, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        guard let secret = options.secret else {
            throw .unprocessable([
                FieldFault("secret", "Netdata asks for its challenge secret; copy it into the source's secret.")
            ])
        }
        let code = Data(Signature(secret).code(of: token)).base64EncodedString()
        return Decoded(
            entries: [], request: .answer(#"{"response_token":"sha256=\#(code)"}"#),
            notes: ["Netdata's question was answered."])
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if let status = json["status"], status.object != nil { return Decoded(reachability(json, status)) }
        guard let alert = json.text("alert", "alarm") else { return nil }
        let node = json.text("node", "node_name", "host", "hostname")
        var draft = Draft(title: json.text("message") ?? alert)
        draft.read(word: json.text("severity", "status"))
        draft.text = [
            json.text("info"), json.text("value", "value_string").map { "Value: \($0)" },
            json.text("duration").map { "For \($0)" },
        ]
        draft.key = [node, json.text("chart"), alert].compactMap(\.self).joined(separator: "/")
        draft.link("Alert", json.text("alert_url"))
        draft.link("Alert", json.text("alarm_url"))
        for room in json["rooms"]?.object?.members ?? [] { draft.link(room.name, room.value.text) }
        draft.label("alert", alert)
        draft.label("node", node)
        for name in ["chart", "context", "family", "class", "space"] { draft.label(name, json.text(name)) }
        let instant = json.instant("date")
        if draft.status == .resolved { draft.endsAt = instant } else { draft.startsAt = instant }
        return Decoded(draft)
    }

    private func reachability(_ json: JSON, _ status: JSON) -> Draft {
        let host = json.text("host") ?? "node"
        var draft = Draft(title: json.text("message") ?? "\(host) is \(status.text("text") ?? "unreachable")")
        let isBack = status["reachable"]?.boolean ?? (status.text("text")?.lowercased() == "reachable")
        draft.status = isBack ? .resolved : .firing
        if draft.status == .firing { draft.severity = Severity(loose: json.text("severity")) }
        draft.key = "\(host)/reachable"
        draft.link("Node", json.text("url"))
        draft.label("host", host)
        return draft
    }
}

extension Draft {
    /// One word: a severity, or that the problem is over.
    fileprivate mutating func read(word: String?) {
        status = word.flatMap { AlertEvent.Status(word: $0) } == .resolved ? .resolved : .firing
        if status == .firing { severity = Severity(loose: word) }
    }
}
