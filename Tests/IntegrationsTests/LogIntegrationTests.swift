import Domain
import Formats
import Integrations
import Testing

/// Senders of alerts about log lines and metrics.
@Suite struct LogIntegrationTests {
    static let samples = [
        Sample(
            "a critical alert", "netdata",
            """
            {"message": "disk on db-1 is critical", "alert": "disk_space", "chart": "disk./", "node": "db-1", "info": "95 %",
             "severity": "critical", "date": "2026-03-01T03:00:00Z", "alert_url": "https://app.netdata.cloud/a/1"}
            """,
            Facts(
                .firing, "disk on db-1 is critical", key: "db-1/disk.//disk_space", .critical,
                links: ["https://app.netdata.cloud/a/1"], starts: "2026-03-01T03:00:00Z", says: "95 %")),
        Sample(
            "the same is clear", "netdata",
            #"{"message": "ok", "alarm": "disk_space", "chart": "disk./", "node": "db-1", "severity": "CLEAR"}"#,
            Facts(.resolved, "ok", key: "db-1/disk.//disk_space")),
        Sample(
            "a node that can't be reached", "netdata",
            """
            {"message": "db-1 is unreachable", "host": "db-1", "severity": "critical", "url": "https://app.netdata.cloud/n/1",
             "status": {"reachable": false, "text": "unreachable"}}
            """,
            Facts(
                .firing, "db-1 is unreachable", key: "db-1/reachable", .critical,
                links: ["https://app.netdata.cloud/n/1"])),
        Sample(
            "a node that is back", "netdata",
            #"{"host": "db-1", "severity": "info", "status": {"reachable": true, "text": "reachable"}}"#,
            Facts(.resolved, "db-1 is reachable", key: "db-1/reachable")),
        Sample(
            "a node that is back, in words alone", "netdata", #"{"host": "db-1", "status": {"text": "Reachable"}}"#,
            Facts(.resolved, "db-1 is Reachable", key: "db-1/reachable")),
        Sample(
            "a search", "splunk",
            """
            {"search_name": "Failed logins", "app": "security", "owner": "dana", "sid": "scheduler__x_at_1772334000_1",
             "results_link": "https://splunk.example.com/r/1",
             "result": {"count": "12", "severity": "high", "_time": "1772334000", "host": "", "_si": ["a"]}}
            """,
            Facts(
                .firing, "Failed logins", key: "security/Failed logins", .error,
                links: ["https://splunk.example.com/r/1"],
                starts: "2026-03-01T03:00:00Z", says: "count: 12\nseverity: high")),
        Sample(
            "a search without a name", "splunk",
            """
            {"app": "search", "sid": "rt_scheduler__x_at_1772334000_1", "results_link": "https://splunk.example.com/r/1",
             "result": {"_raw": "session closed"}}
            """,
            Facts(
                .firing, "Splunk alert in the app search", key: "search/rt_scheduler__x",
                links: ["https://splunk.example.com/r/1"], says: "session closed")),
        Sample(
            "lines", "papertrail",
            "payload="
                + #"{"saved_search":{"id":7,"name":"Errors","query":"error","html_search_url":"https://papertrailapp.com/s/7"},"#
                + #""events":[{"hostname":"web-1","program":"nginx","message":"error 500","received_at":"2026-03-01T03:00:00Z"}]}"#,
            Facts(
                .firing, "Errors", key: "7", links: ["https://papertrailapp.com/s/7"],
                starts: "2026-03-01T03:00:00Z", says: "web-1 nginx error 500")),
        Sample(
            "counts", "papertrail",
            """
            {"saved_search": {"id": 7, "name": "Errors"}, "counts": [{"source_name": "web-1", "timeseries": {"1": 3, "2": 4}}]}
            """, Facts(.firing, "Errors", key: "7", says: "web-1: 7")),
        Sample(
            "a violation", "librato",
            """
            {"alert": {"id": 5, "name": "slow", "description": "Too slow.", "runbook_url": "https://wiki.example.com/slow"},
             "account": "ada@example.com", "trigger_time": 1772334000, "conditions": [{"id": 1, "type": "above", "threshold": 9}],
             "violations": {"web-1": [{"metric": "latency", "value": 11, "condition_violated": 1}]}}
            """,
            Facts(
                .firing, "slow", key: "5", links: ["https://wiki.example.com/slow"], starts: "2026-03-01T03:00:00Z",
                says: "latency of web-1 is 11 (above 9)")),
        Sample(
            "cleared", "librato",
            #"{"alert": {"id": 5, "name": "slow"}, "trigger_time": 1772334060, "clear": "normal"}"#,
            Facts(.resolved, "slow", key: "5", ends: "2026-03-01T03:01:00Z")),
    ]

    @Test func `Librato's snapshots of charts are taken and noted`() throws {
        let decoded = try decode(
            "librato", #"{"attachments": [{"title": "CPU", "image_url": "https://x.example.com/1"}]}"#)
        #expect(decoded.entries.isEmpty && decoded.notes.count == 1)
    }

    @Test(arguments: samples) func `lines and metrics`(sample: Sample) throws { try sample.check() }
}
