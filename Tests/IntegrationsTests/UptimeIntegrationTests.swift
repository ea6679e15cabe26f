import Domain
import Formats
import Integrations
import Testing

/// Senders that monitor from outside.
@Suite struct UptimeIntegrationTests {
    @Test(arguments: uptimeKuma + uptimeRobot)
    func `monitors go down and up`(sample: Sample) throws { try sample.check() }

    @Test(arguments: pingdom + updown + healthchecks)
    func `checks fail and pass`(sample: Sample) throws { try sample.check() }

    @Test(arguments: statuspage)
    func `incidents of other services are followed`(sample: Sample) throws { try sample.check() }

    static let uptimeKuma = [
        Sample(
            "a monitor is down", "uptime-kuma",
            """
            {"heartbeat": {"monitorID": 12, "status": 0, "time": "2026-03-01 03:00:00.250", "msg": "connect ETIMEDOUT"},
             "monitor": {"id": 12, "name": "Shop", "url": "https://shop.example.org/", "type": "http",
                         "tags": [{"name": "tier", "value": "1"}]},
             "msg": "[Shop] [🔴 Down] connect ETIMEDOUT"}
            """,
            Facts(
                .firing, "Shop", key: "12", links: ["https://shop.example.org/"], starts: "2026-03-01T03:00:00.250Z",
                says: "connect ETIMEDOUT")),
        Sample(
            "it is up again, sent as a form", "uptime_kuma",
            "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n"
                + #"{"heartbeat": {"monitorID": 12, "status": 1, "time": "2026-03-01 03:10:00"}, "#
                + #""monitor": {"id": 12, "name": "Shop", "url": "https://"}, "msg": "[Shop] [✅ Up] 200 - OK"}"#
                + "\r\n--b--\r\n", Facts(.resolved, "Shop", key: "12", ends: "2026-03-01T03:10:00Z")),
        Sample(
            "a GET holds JSON in its query", "uptime-kuma", "",
            query: [
                "msg": "[Shop] [🔴 Down] 503", "heartbeat": #"{"monitorID": 12, "status": 0}"#,
                "monitor": #"{"id": 12, "name": "Shop"}"#,
            ], Facts(.firing, "Shop", key: "12")),
        Sample(
            "maintenance never pages", "uptime-kuma",
            #"{"heartbeat": {"status": 3}, "monitor": {"id": 1, "name": "A"}, "msg": "m"}"#,
            Facts(.informational, "A", key: "1")),
        Sample(
            "the test button says that it is a test", "uptime-kuma",
            #"{"heartbeat": null, "monitor": null, "msg": "pagerpal Testing"}"#,
            Facts(.firing, "pagerpal Testing", .info, says: "test")),
        Sample(
            "a GET with a text in brackets is no JSON", "uptime-kuma", "",
            query: ["msg": "[Shop][https://shop.example.org/] server certificate will expire in 7 days"],
            Facts(
                .firing, "[Shop][https://shop.example.org/] server certificate will expire in 7 days",
                key: "[Shop][https://shop.example.org/] server certificate", .warning)),
    ]

    static let uptimeRobot = [
        Sample(
            "parameters of a query", "uptimerobot", "",
            query: [
                "monitorID": "77", "monitorURL": "http://shop.example.org", "monitorFriendlyName": "Shop",
                "alertType": "1", "alertTypeFriendlyName": "Down", "alertDetails": "Connection Timeout",
                "alertDateTime": "1772334000",
            ],
            Facts(
                .firing, "Shop", key: "77", links: ["http://shop.example.org"], starts: "2026-03-01T03:00:00Z",
                says: "Connection Timeout")),
        Sample(
            "a form of the same monitor going up", "uptimerobot",
            "monitorID=77&monitorFriendlyName=Shop&alertType=2&alertTypeFriendlyName=Up&alertDateTime=1772334600",
            Facts(.resolved, "Shop", key: "77", ends: "2026-03-01T03:10:00Z")),
        Sample(
            "names of one's own, and a variable that stayed", "uptimerobot",
            """
            {"monitor_friendly_name": "Shop", "monitor_url": "shop.example.org", "alert_type": "*alertType*",
             "alert_type_friendly_name": "Up"}
            """, Facts(.resolved, "Shop", key: "shop.example.org")),
        Sample(
            "a certificate that expires is another problem", "uptimerobot",
            #"{"monitorID": 77, "monitorFriendlyName": "Shop", "alertType": 3, "alertDetails": "in 7 days"}"#,
            Facts(.firing, "Shop", key: "77/expiry", .warning)),
    ]

    static let pingdom = [
        Sample(
            "a check is down", "pingdom",
            """
            {"check_id": 5, "check_name": "Shop", "check_type": "HTTP", "importance_level": "HIGH",
             "check_params": {"full_url": "https://shop.example.org/", "hostname": "shop.example.org"},
             "previous_state": "UP", "current_state": "DOWN", "state_changed_timestamp": 1772334000,
             "description": "Timeout", "long_description": "No answer within 30 s", "tags": ["web"]}
            """,
            Facts(
                .firing, "Shop", key: "5", .critical, links: ["https://shop.example.org/"],
                starts: "2026-03-01T03:00:00Z", says: "No answer within 30 s")),
        Sample(
            "it is up", "pingdom",
            #"{"check_id": 5, "check_name": "Shop", "current_state": "UP", "importance_level": "LOW"}"#,
            Facts(.resolved, "Shop", key: "5", .warning)),
        Sample(
            "a transaction fails", "pingdom",
            #"{"check_id": 6, "check_name": "Order", "check_type": "TRANSACTION", "current_state": "FAILING"}"#,
            Facts(.firing, "Order", key: "6")),
        Sample(
            "and succeeds", "pingdom",
            #"{"check_id": 6, "check_name": "Order", "check_type": "TRANSACTION", "current_state": "SUCCESS"}"#,
            Facts(.resolved, "Order", key: "6")),
    ]

    static let updown = [
        Sample(
            "down and up in one array", "updown",
            """
            [{"event": "check.down", "description": "DOWN: shop since 03:00", "check": {"token": "ab12",
              "url": "https://shop.example.org", "alias": "", "error": "503"},
              "downtime": {"error": "503", "started_at": "2026-03-01T03:00:00Z", "ended_at": null,
                           "details_url": "https://updown.io/d/1"}},
             {"event": "check.up", "check": {"token": "ab12", "url": "https://shop.example.org", "alias": "Shop"},
              "downtime": {"started_at": "2026-03-01T03:00:00Z", "ended_at": "2026-03-01T03:05:00Z"}}]
            """,
            Facts(
                .firing, "https://shop.example.org", key: "ab12",
                links: ["https://shop.example.org", "https://updown.io/d/1"], starts: "2026-03-01T03:00:00Z",
                says: "DOWN: shop since 03:00"),
            Facts(
                .resolved, "Shop", key: "ab12", links: ["https://shop.example.org"], starts: "2026-03-01T03:00:00Z",
                ends: "2026-03-01T03:05:00Z")),
        Sample(
            "certificates are a problem of their own", "updown",
            """
            [{"event": "check.ssl_expiration", "check": {"token": "ab12", "url": "https://shop.example.org"},
              "ssl": {"days_before_expiration": 7}},
             {"event": "check.ssl_renewed", "description": "It was renewed",
              "check": {"token": "ab12", "url": "https://shop.example.org"}}]
            """,
            Facts(
                .firing, "The certificate of https://shop.example.org expires in 7 days", key: "ab12/ssl", .warning,
                links: ["https://shop.example.org"]),
            Facts(.resolved, "It was renewed", key: "ab12/ssl", links: ["https://shop.example.org"])),
        Sample(
            "an event of the future never pages", "updown",
            #"[{"event": "check.moved", "check": {"token": "ab12", "url": "https://shop.example.org"}}]"#,
            Facts(
                .informational, "https://shop.example.org", key: "ab12", links: ["https://shop.example.org"],
                says: "check.moved")),
    ]

    static let healthchecks = [
        Sample(
            "the template of the set-up", "healthchecks",
            """
            {"check": "Nightly \\"dump\\"", "status": "down", "code": "0b0e", "tags": "env:prod db",
             "now": "2026-03-01T03:00:00+00:00", "body": "exit 1"}
            """,
            Facts(.firing, "Nightly \"dump\"", key: "0b0e", starts: "2026-03-01T03:00:00Z", says: "exit 1")),
        Sample(
            "a GET", "healthchecks", "", query: ["name": "Nightly dump", "status": "up", "code": "0b0e"],
            Facts(.resolved, "Nightly dump", key: "0b0e")),
        Sample(
            "the check's own JSON", "healthchecks",
            """
            {"name": "Nightly dump", "slug": "nightly-dump", "tags": "", "desc": "", "grace": 3600, "n_pings": 9,
             "status": "down", "last_ping": "2026-02-28T03:00:00+00:00", "ping_url": "https://hc.example.org/ping/0b0e"}
            """, Facts(.firing, "Nightly dump", key: "0b0e", says: "Last ping: 2026-02-28")),
        Sample(
            "a paused check never pages", "healthchecks", #"{"check": "Dump", "status": "paused", "code": "0b0e"}"#,
            Facts(.informational, "Dump", key: "0b0e")),
    ]

    static let statuspage = [
        Sample(
            "an incident", "statuspage",
            """
            {"page": {"id": "p1", "name": "Cloud"}, "incident": {"id": "i1", "name": "Disks are slow",
             "status": "monitoring", "impact": "major", "shortlink": "https://stspg.example.org/i1",
             "created_at": "2026-03-01T03:00:00Z", "components": [{"name": "Disks"}],
             "incident_updates": [{"body": "A fix is in place."}, {"body": "We look into it."}]}}
            """,
            Facts(
                .firing, "Disks are slow", key: "i1", .error, links: ["https://stspg.example.org/i1"],
                starts: "2026-03-01T03:00:00Z", says: "A fix is in place.")),
        Sample(
            "its post-mortem", "statuspage",
            """
            {"page": {"id": "p1"}, "incident": {"id": "i1", "name": "Disks are slow", "status": "postmortem",
             "impact": "critical", "created_at": "2026-03-01T03:00:00Z", "resolved_at": "2026-03-01T04:00:00Z"}}
            """,
            Facts(.resolved, "Disks are slow", key: "i1", .critical, ends: "2026-03-01T04:00:00Z")),
        Sample(
            "planned work never pages", "statuspage",
            """
            {"page": {}, "incident": {"id": "m1", "name": "New disks", "status": "in_progress", "impact": "maintenance"}}
            """, Facts(.informational, "New disks", key: "m1", .info)),
        Sample(
            "a component breaks", "statuspage",
            """
            {"component": {"id": "c1", "name": "Disks"},
             "component_update": {"component_id": "c1", "old_status": "operational", "new_status": "major_outage"}}
            """, Facts(.firing, "Disks: major outage", key: "component/c1", .critical, says: "operational before")),
        Sample(
            "and works again", "statuspage",
            """
            {"component": {"id": "c1", "name": "Disks"},
             "component_update": {"component_id": "c1", "old_status": "major_outage", "new_status": "operational"}}
            """, Facts(.resolved, "Disks: operational", key: "component/c1", .info)),
    ]
}
