internal import Domain
internal import Formats

/// Grafana's webhook contact point (unified alerting, Grafana 8 to 13) and the notification channel of older versions.
struct GrafanaIntegration: JSONIntegration {
    static let kind = "grafana"
    static let title = "Grafana"
    static let fields = FieldGuide(
        status: "`alerts[].status`; before Grafana 9 `state`: alerting, ok, no_data; paused and pending never page",
        key: "`alerts[].fingerprint`, else its labels; before Grafana 9 `orgId` and `ruleId`",
        title: "annotation `summary` or `title`, else `alertname`; before Grafana 9 `ruleName`",
        text: "annotation `description` or `message`, `values`", severity: "label `severity`, `priority` or `level`",
        links: "`generatorURL`, `dashboardURL`, `panelURL`, `silenceURL`, `imageURL`, `runbook_url`; `ruleUrl`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "In Grafana, open Alerting, Contact points, add one of the type Webhook with this URL.", code: url),
            SetupStep(
                "Under Optional Webhook settings, set the Authorization Header: scheme Bearer, credentials:", code: key),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        isLegacy(json) || json.has("alerts", "orgId") || json.has("alerts", "state", "title")
    }

    private static func isLegacy(_ json: JSON) -> Bool {
        json.has("ruleName", "state") || json.has("ruleId", "state")
    }

    /// Grafana 12 and later can sign payloads. If a timestamp header is configured, the signature covers the time and
    /// the body.
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {
        guard let secret = options.secret else { return }
        let sent = payload.headers["x-grafana-alerting-signature"]
        var signed = payload.body
        if let time = payload.headers[options.timestampHeader ?? "x-grafana-alerting-timestamp"] {
            signed = Array("\(time):".utf8) + signed
            let tolerance = Duration.seconds(300)
            guard let instant = Clean.instant(time), instant - payload.receivedAt <= tolerance,
                payload.receivedAt - instant <= tolerance
            else { throw .unauthentic("The time that was signed is more than five minutes from this clock's.") }
        }
        try Signature(secret).check([sent], of: signed)
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        if Self.isLegacy(json) { return Decoded(legacy(json)) }
        return try AlertGroup(json)?.decoded(options, at: payload.receivedAt)
    }

    private func legacy(_ json: JSON) -> Draft {
        let (org, rule) = (json.text("orgId") ?? "0", json.text("ruleId"))
        var draft = Draft()
        switch json.text("state")?.lowercased() {
        case "ok": draft.status = .resolved
        case "paused", "pending", "unknown": draft.status = .informational
        default: draft.status = .firing
        }
        // The test button sends rule 0 of organization 0, with a name that tells people little.
        let isTest = rule == "0" && org == "0"
        draft.title = isTest ? json.text("title", "ruleName") : json.text("ruleName", "title")
        draft.text = [json.text("message"), matches(json)]
        draft.key = rule.map { "grafana-rule:\(org)/\($0)" }
        draft.link("Rule", json.text("ruleUrl"))
        draft.link("Image", json.text("imageUrl"))
        draft.label(all: json["tags"])
        for match in json["evalMatches"]?.array ?? [] { draft.label(all: match["tags"]) }
        draft.severity = Severity(loose: json["tags"]?.text("severity"))
        return draft
    }

    private func matches(_ json: JSON) -> String? {
        let matches = json["evalMatches"]?.array ?? []
        return matches.prefix(50).map { "\($0.rendered("metric") ?? "value") = \($0.rendered("value") ?? "no data")" }
            .joined(separator: "\n")
    }
}
