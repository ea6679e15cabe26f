internal import Domain
internal import Formats

/// Prometheus Alertmanager's webhook, version "4" (https://prometheus.io/docs/alerting/latest/configuration), and
/// systems that imitate it: vmalert, Mimir, Loki.
struct AlertmanagerIntegration: JSONIntegration {
    static let kind = "alertmanager"
    static let title = "Prometheus Alertmanager"
    static let fields = FieldGuide(
        status: "`alerts[].status`, else the group's; the `Watchdog` alert is recorded and never pages",
        key: "`alerts[].fingerprint`, else its labels", title: "annotation `summary` or `title`, else `alertname`",
        text: "annotation `description` or `message`", severity: "label `severity`, `priority` or `level`",
        links: "annotations `runbook_url`, `dashboard_url`; `generatorURL`, `externalURL`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Add a receiver to alertmanager.yml and name it in a route.",
                code: """
                    receivers:
                      - name: pagerpal
                        webhook_configs:
                          - url: \(url)
                            send_resolved: true
                            http_config:
                              authorization:
                                credentials: \(key)
                    """),
            SetupStep(
                "Route the Watchdog alert to a heartbeat of PagerPal instead, to learn when Prometheus is silent."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { AlertGroup(json) != nil && !GrafanaIntegration.recognises(json) }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        try AlertGroup(json)?.decoded(options, at: payload.receivedAt)
    }
}
