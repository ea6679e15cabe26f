import Domain
import Formats
import Integrations
import Testing

/// Recorded payloads from PagerDuty's and Opsgenie's clients and other senders.
@Suite(.enabled(if: Fixtures.folder != nil, Fixtures.missing)) struct DropInFixtureTests {
    static let alias = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"

    static let all: [Fixture] = [
        Fixture(
            "pagerduty_events/trigger.request.json", "pagerduty",
            Facts(
                .firing, "Example alert on host1.example.com", key: "samplekeyhere", .info,
                links: [
                    "https://example.com/",
                    "https://www.pagerduty.com/wp-content/uploads/2016/05/pagerduty-logo-green.png",
                    "https://monitoring.example.com",
                ], starts: "2015-07-17T08:42:58.315Z", says: "load avg: 0.75")),
        Fixture(
            "pagerduty_events/trigger_from_grafana.request.json", "pagerduty",
            Facts(
                .firing, "[FIRING:1] (val1)", key: "6e3538104c14b583da237e9693b76debbc17f0f8058ef20492e5853096cf8733",
                .critical, links: ["http://localhost"])),
        Fixture(
            "pagerduty_events/acknowledge.request.json", "pagerduty",
            Facts(.acknowledged, "samplekeyhere", key: "samplekeyhere")),
        Fixture(
            "pagerduty_events/resolve.request.json", "pagerduty",
            Facts(.resolved, "samplekeyhere", key: "samplekeyhere")),
        Fixture(
            "pagerduty_webhook/v1_incident_trigger.json", "pagerduty",
            Facts(
                .firing, "foo", key: "P140S4Y", links: ["https://zulip-test.pagerduty.com/incidents/P140S4Y"],
                starts: "2015-02-07T21:42:52Z")),
        Fixture(
            "pagerduty_webhook/v2_incident_resolve.json", "pagerduty",
            Facts(
                .resolved, "My new incident", key: "PRORDTY", links: ["https://webdemo.pagerduty.com/incidents/PRORDTY"]
            )),
        Fixture(
            "opsgenie/create_from_alertmanager.request.json", "opsgenie",
            Facts(.firing, "message", key: alias, .critical, links: ["http://prometheus"], says: "description")),
        Fixture("opsgenie/webhook_acknowledge.json", "opsgenie", Facts(.acknowledged, "test alert", key: "aliastest")),
        Fixture("opsgenie/webhook_close.json", "opsgenie", Facts(.resolved, "test alert", key: "aliastest")),
        Fixture(
            "opsgenie/webhook_create.json", "opsgenie",
            Facts(.firing, "another alert", key: "alert-alias", .warning, starts: "2017-08-14T11:25:56.288Z")),
        Fixture(
            "sentry/event_alert_message_golang.json", "sentry",
            Facts(
                .firing, "A test message event from golang.", key: "1638844654", .info,
                links: [
                    "https://sentry.io/organizations/example-organization/issues/1638844654/events/"
                        + "01ecb45633bc4f5ca940ada671124c8f/", "https://sentry.io/api/0/issues/1638844654/",
                ])),
        Fixture(
            "sentry/event_alert_python.json", "sentry",
            Facts(
                .firing, "Exception: Custom exception!", key: "1635244907", .error,
                links: [
                    "https://sentry.io/organizations/example-organization/issues/1635244907/events/"
                        + "599349254a1447a99774b5310711c1a8/", "https://sentry.io/api/0/issues/1635244907/",
                ], says: "Rule: Send a webhook payload")),
        Fixture(
            "sentry/issue_created.json", "sentry",
            Facts(.firing, "Exception: Custom exception!", key: "1635244907", .error)),
        Fixture(
            "sentry/issue_resolved.json", "sentry",
            Facts(.resolved, "Exception: program has entered an invalid state.", key: "1638821441", .error)),
        Fixture(
            "github/workflow_job_failure.json", "github",
            Facts(
                .firing, "linters failed on main: Codertocat/Hello-World",
                key: "Codertocat/Hello-World/CodeQL/linters/main",
                links: ["https://github.com/octo-org/octo-repo/runs/1291536064"], says: "Run yarn run format-check")),
        Fixture(
            "github/workflow_run_completed.json", "github",
            Facts(
                .resolved, "test succeeded on master: octo-org/octo-repo", key: "octo-org/octo-repo/test//master",
                links: ["https://github.com/octo-org/octo-repo/actions/runs/289782451"])),
        Fixture(
            "netdata/alert_critical.json", "netdata",
            Facts(
                .firing, "web log 5xx on node web01 is critical",
                key: "web_log_nginx.requests/web_log_5m_requests_ratio", .critical,
                links: [
                    "https://app.netdata.cloud/spaces/my-space/alerts/1",
                    "https://app.netdata.cloud/spaces/my-space/rooms/production",
                ])),
        Fixture(
            "netdata/alert_clear.json", "netdata",
            Facts(
                .resolved, "web log 5xx on node web01 recovered",
                key: "web_log_nginx.requests/web_log_5m_requests_ratio",
                links: [
                    "https://app.netdata.cloud/spaces/my-space/alerts/1",
                    "https://app.netdata.cloud/spaces/my-space/rooms/production",
                ])),
        Fixture(
            "splunk/missing_search_name.json", "splunk",
            Facts(
                .firing, "Splunk alert in the app search", key: "search/rt_scheduler__admin__search__sudo",
                links: [
                    "http://example.com:8000/app/search/search?q=%7Cloadjob%20rt_scheduler__admin__search__sudo_at_"
                        + "1483557185_2.2%20%7C%20head%201%20%7C%20tail%201&earliest=0&latest=now"
                ], says: "session closed")),
        Fixture(
            "papertrail/short_post.txt", "papertrail",
            Facts(
                .firing, "Important stuff", key: "42",
                links: ["https://papertrailapp.com/searches/42", "https://papertrailapp.com/searches/42/edit"],
                says: "A short event")),
        Fixture(
            "librato/alert_form.txt", "librato",
            Facts(.firing, "alert.name", key: "6294535", links: ["http://www.google.pl"], says: "(below 44)")),
    ]

    @Test(arguments: all) func `what a good receiver extracts from a payload`(fixture: Fixture) throws {
        try fixture.check()
    }

    @Test func `Opsgenie's close names its alert in the address`() throws {
        try Fixture("opsgenie/close.request.json", "opsgenie", Facts(.resolved, Self.alias, key: Self.alias))
            .check(parameters: ["identifier": Self.alias, "action": "close"])
    }

    @Test func `a trigger without a key opens a problem of its own`() throws {
        let payload = try Fixtures.payload("pagerduty_events/trigger_no_dedup_key.request.json")
        let sender = try #require(Integrations.integration(for: "pagerduty"))
        let event = try #require(try sender.decode(payload, options: SourceOptions()).events.first)
        #expect(event.title == "Example alert on host1.example.com" && !event.dedupKey.rawValue.isEmpty)
    }
}
