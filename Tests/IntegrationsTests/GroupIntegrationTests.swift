import Domain
import Formats
import Integrations
import Testing

/// Alertmanager, Grafana and their imitators: groups of alerts.
@Suite struct GroupIntegrationTests {
    @Test(arguments: alertmanager)
    func `every alert of a group is an alert of its own`(sample: Sample) throws { try sample.check() }

    @Test(arguments: grafana)
    func `Grafana's alerts are read in all its versions' forms`(sample: Sample) throws { try sample.check() }

    @Test func `truncated alerts are reported`() throws {
        let body =
            #"{"alerts": [{"status": "firing", "labels": {"alertname": "A"}}], "truncatedAlerts": 3, "orgId": 1}"#
        let payload = Payload(body: Array(body.utf8), receivedAt: Timestamp(seconds: 0))
        let decoded = try #require(Integrations.integration(for: "grafana")).decode(payload, options: SourceOptions())
        #expect(decoded.notes == ["3 more alerts were cut off by the sender's limit."])
    }

    @Test func `an invalid alert loses none of the others`() throws {
        let body = #"{"alerts": [7, {"status": "firing", "labels": {"alertname": "A"}}], "version": "4"}"#
        let payload = Payload(body: Array(body.utf8), receivedAt: Timestamp(seconds: 0))
        let decoded = try #require(Integrations.integration(for: "alertmanager")).decode(
            payload, options: SourceOptions())
        #expect(decoded.entries.count == 2 && decoded.events.map(\.title) == ["A"])
    }

    static let alertmanager = [
        Sample(
            "a mixed group", "alertmanager",
            """
            {"version": "4", "status": "firing", "groupKey": "{}:{}", "externalURL": "http://am.example.org",
             "commonLabels": {"severity": "page"}, "alerts": [
             {"status": "resolved", "labels": {"alertname": "Disk", "instance": "db1"}, "annotations": {},
              "startsAt": "2026-03-01T03:00:00.123456789+01:00", "endsAt": "2026-03-01T02:10:00Z", "fingerprint": "f1"},
             {"status": "firing", "labels": {"alertname": "Disk", "instance": "db2"},
              "annotations": {"summary": "Disk of db2 is full", "description": "95 %",
                              "runbook_url": "https://wiki.example.org/disk"},
              "startsAt": "2026-03-01T02:05:00Z", "endsAt": "0001-01-01T00:00:00Z", "fingerprint": "f2",
              "generatorURL": "http://prometheus.example.org/graph?a=1\\u0026b=2"}]}
            """,
            Facts(
                .resolved, "Disk", key: "f1", .critical, links: ["http://am.example.org"],
                starts: "2026-03-01T02:00:00.123Z", ends: "2026-03-01T02:10:00Z"),
            Facts(
                .firing, "Disk of db2 is full", key: "f2", .critical,
                links: [
                    "https://wiki.example.org/disk", "http://prometheus.example.org/graph?a=1&b=2",
                    "http://am.example.org",
                ], starts: "2026-03-01T02:05:00Z", says: "95 %")),
        Sample(
            "no fingerprint: the labels are the key, in any order", "alertmanager",
            """
            {"status": "resolved", "alerts": [{"labels": {"b": "2", "alertname": "A"}},
                                              {"labels": {"alertname": "A", "b": "2"}}]}
            """,
            Facts(.resolved, "A", key: DedupKey(derivedFrom: ["alertname=A", "b=2"]).rawValue),
            Facts(.resolved, "A", key: DedupKey(derivedFrom: ["alertname=A", "b=2"]).rawValue)),
        Sample(
            "Watchdog never pages", "prometheus",
            #"{"alerts": [{"status": "firing", "labels": {"alertname": "Watchdog", "severity": "none"}, "fingerprint": "w"}]}"#,
            Facts(.informational, "Watchdog", key: "w", .info)),
        Sample(
            "where nobody says the status, an end in the past does", "alertmanager",
            """
            [{"labels": {"alertname": "A"}, "endsAt": "2026-03-01T02:10:00Z"},
             {"labels": {"alertname": "A"}, "endsAt": "2030-03-01T02:10:00Z"}]
            """,
            Facts(.resolved, "A", key: DedupKey(derivedFrom: ["alertname=A"]).rawValue, ends: "2026-03-01T02:10:00Z"),
            Facts(.firing, "A", key: DedupKey(derivedFrom: ["alertname=A"]).rawValue)),
    ]

    static let grafana = [
        Sample(
            "unified alerting", "grafana",
            """
            {"receiver": "pagerpal", "status": "firing", "orgId": 1, "version": "1", "state": "alerting",
             "title": "[FIRING:1] Disk", "message": "**Firing**", "groupKey": "{}:{}", "externalURL": "",
             "alerts": [{"status": "firing", "labels": {"alertname": "Disk", "severity": "warning"},
             "annotations": {"summary": "Disk is full"}, "startsAt": "0001-01-01T00:00:00Z",
             "values": {"A": 95.5, "B": null}, "fingerprint": "f1", "silenceURL": "https://g.example.org/silence",
             "dashboardURL": "https://g.example.org/d/1", "panelURL": "https://g.example.org/d/1?viewPanel=2",
             "generatorURL": "https://g.example.org/rule", "imageURL": "https://g.example.org/i.png"}]}
            """,
            Facts(
                .firing, "Disk is full", key: "f1", .warning,
                links: [
                    "https://g.example.org/rule", "https://g.example.org/d/1", "https://g.example.org/d/1?viewPanel=2",
                    "https://g.example.org/silence", "https://g.example.org/i.png",
                ], says: "A=95.5")),
        Sample(
            "a rule without data is named", "grafana",
            """
            {"orgId": 1, "alerts": [{"status": "firing", "fingerprint": "n1",
             "labels": {"alertname": "DatasourceNoData", "rulename": "Disk"}, "annotations": {}}]}
            """, Facts(.firing, "No data: Disk", key: "n1")),
        Sample(
            "a payload of one's own", "grafana",
            """
            {"type": "JSON", "data": {"alert_state": "ok", "incident_key": "k1", "description": "Disk is fine",
             "details": "It is 40 % full.", "client_url": "https://g.example.org/list"}}
            """,
            Facts(
                .resolved, "Disk is fine", key: "k1", links: ["https://g.example.org/list"], says: "It is 40 % full.")),
        Sample(
            "before Grafana 9: alerting", "grafana",
            """
            {"ruleId": 7, "orgId": 2, "ruleName": "Disk", "title": "[Alerting] Disk", "state": "alerting",
             "message": "full", "ruleUrl": "https://g.example.org/d/1", "tags": {"severity": "critical"},
             "evalMatches": [{"metric": "used", "value": 95, "tags": null}]}
            """,
            Facts(
                .firing, "Disk", key: "grafana-rule:2/7", .critical, links: ["https://g.example.org/d/1"],
                says: "used = 95")),
        Sample(
            "before Grafana 9: ok", "grafana_legacy",
            #"{"ruleId": 7, "orgId": 2, "ruleName": "Disk", "state": "ok", "tags": null, "evalMatches": null}"#,
            Facts(.resolved, "Disk", key: "grafana-rule:2/7")),
        Sample(
            "before Grafana 9: no data fires", "grafana",
            #"{"ruleId": 7, "orgId": 2, "ruleName": "Disk", "state": "no_data"}"#,
            Facts(.firing, "Disk", key: "grafana-rule:2/7")),
        Sample(
            "before Grafana 9: paused never pages", "grafana",
            #"{"ruleId": 7, "orgId": 2, "ruleName": "Disk", "state": "paused"}"#,
            Facts(.informational, "Disk", key: "grafana-rule:2/7")),
        Sample(
            "before Grafana 9: the test button", "grafana",
            #"{"ruleId": 0, "orgId": 0, "ruleName": "Test rule", "title": "[Alerting] Test notification", "state": "alerting"}"#,
            Facts(.firing, "[Alerting] Test notification", key: "grafana-rule:0/0")),
    ]
}
