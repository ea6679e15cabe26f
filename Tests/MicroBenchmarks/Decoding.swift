#if DEBUG || MICRO
import Domain
import Integrations
import TestSupport

/// From the bytes of a request's body to alerts.
func decode() throws {
    for (kind, body) in [("generic", generic), ("alertmanager", alertmanager), ("grafana", grafana)] {
        guard let integration = Integrations.integration(for: kind) else { continue }
        let payload = Payload(body: Array(body.utf8), contentType: "application/json", receivedAt: TestTeam.start)
        try measure("decode \(kind), \(body.utf8.count) bytes") {
            try integration.decode(payload, options: SourceOptions()).events.count
        }
    }
}

private let generic = """
    {"title": "Disk full on db-1", "external_id": "db-1/var", "severity": "critical", "description": "97 % of /var",
     "labels": {"host": "db-1", "team": "storage"}, "links": ["https://wiki.example.com/disk"]}
    """

/// One alert, as in Prometheus' documentation.
private let alertmanager = """
    {"version": "4", "groupKey": "{}:{alertname=\\"DiskFull\\"}", "status": "firing", "receiver": "pagerpal",
     "groupLabels": {"alertname": "DiskFull"}, "commonLabels": {"alertname": "DiskFull", "severity": "critical"},
     "commonAnnotations": {"summary": "Disk full on db-1"}, "externalURL": "http://alerts.example.com:9093",
     "alerts": [{"status": "firing",
       "labels": {"alertname": "DiskFull", "instance": "db-1:9100", "job": "node", "severity": "critical"},
       "annotations": {"summary": "Disk full on db-1", "description": "97 % of /var",
         "runbook_url": "https://wiki.example.com/disk"},
       "startsAt": "2026-03-04T11:58:02.163Z", "endsAt": "0001-01-01T00:00:00Z",
       "generatorURL": "http://prometheus.example.com:9090/graph?g0.expr=disk", "fingerprint": "c6eadffa33fcdf37"}]}
    """

/// One alert, as Grafana sends it.
private let grafana = """
    {"receiver": "pagerpal", "status": "firing", "orgId": 1, "title": "[FIRING:1] DiskFull", "state": "alerting",
     "groupKey": "{}:{alertname=\\"DiskFull\\"}", "groupLabels": {"alertname": "DiskFull"}, "truncatedAlerts": 0,
     "commonLabels": {"alertname": "DiskFull", "severity": "critical"}, "commonAnnotations": {"summary": "Disk full"},
     "externalURL": "https://grafana.example.com/", "version": "1",
     "message": "**Firing**\\n\\nValue: A=97\\nLabels:\\n - alertname = DiskFull\\n - instance = db-1",
     "alerts": [{"status": "firing", "labels": {"alertname": "DiskFull", "instance": "db-1", "severity": "critical"},
       "annotations": {"summary": "Disk full on db-1", "description": "97 % of /var"},
       "startsAt": "2026-03-04T11:58:02Z", "endsAt": "0001-01-01T00:00:00Z", "values": {"A": 97},
       "generatorURL": "https://grafana.example.com/alerting/1afz29v7z/edit", "fingerprint": "c6eadffa33fcdf37",
       "silenceURL": "https://grafana.example.com/alerting/silence/new", "dashboardURL": "", "panelURL": "",
       "valueString": "[ var='A' labels={} value=97 ]"}]}
    """
#endif
