import Domain
import Formats
import Integrations
import Testing

/// Senders that sign their payloads.
@Suite struct SignedIntegrationTests {
    static let issue = """
        {"action": "created", "data": {"issue": {"id": "77", "shortId": "SHOP-1", "title": "Error: no stock",
         "culprit": "cart.add", "level": "fatal", "web_url": "https://sentry.example.com/issues/77/",
         "firstSeen": "2026-03-01T03:00:00Z", "project": {"slug": "shop"}, "metadata": {"value": "no stock"}}}}
        """

    static let sentry = [
        Sample(
            "a new issue", "sentry", issue,
            Facts(
                .firing, "Error: no stock", key: "77", .critical, links: ["https://sentry.example.com/issues/77/"],
                starts: "2026-03-01T03:00:00Z", says: "cart.add")),
        Sample(
            "a resolved issue", "sentry", #"{"action": "resolved", "data": {"issue": {"id": "77", "title": "Error"}}}"#,
            Facts(.resolved, "Error", key: "77")),
        Sample(
            "an assigned issue pages nobody", "sentry",
            #"{"action": "assigned", "data": {"issue": {"id": "77", "title": "Error"}}}"#,
            Facts(.informational, "Error", key: "77", says: "assigned")),
        Sample(
            "an alert rule that went off is the issue's problem", "sentry",
            """
            {"action": "triggered", "data": {"triggered_rule": "Checkout", "event": {"event_id": "abc", "title": "Error",
             "level": "warning", "issue_url": "https://sentry.io/api/0/issues/77/", "datetime": "2026-03-01T03:00:00Z",
             "web_url": "https://sentry.example.com/issues/77/events/abc/", "tags": [["env", "prod"]]}}}
            """,
            Facts(
                .firing, "Error", key: "77", .warning,
                links: ["https://sentry.example.com/issues/77/events/abc/", "https://sentry.io/api/0/issues/77/"],
                starts: "2026-03-01T03:00:00Z", says: "Rule: Checkout")),
        Sample(
            "a metric alert", "sentry",
            """
            {"action": "critical", "data": {"description_title": "Critical: slow", "description_text": "p95 over 2 s",
             "web_url": "https://sentry.example.com/alerts/5/", "metric_alert": {"id": "5", "alert_rule": {"name": "Slow"}}}}
            """,
            Facts(
                .firing, "Critical: slow", key: "metric-alert/5", .critical,
                links: ["https://sentry.example.com/alerts/5/"], says: "p95 over 2 s")),
        Sample(
            "a metric alert, over", "sentry",
            #"{"action": "resolved", "data": {"description_title": "Slow", "metric_alert": {"id": "5"}}}"#,
            Facts(.resolved, "Slow", key: "metric-alert/5")),
        Sample(
            "the older plugin", "sentry",
            """
            {"project": "shop", "project_name": "Shop", "id": "9", "level": "error", "culprit": "cart.add", "message": "m",
             "url": "https://sentry.example.com/9", "event": {"title": "Error: no stock"}}
            """,
            Facts(.firing, "Error: no stock", key: "9", .error, links: ["https://sentry.example.com/9"])),
    ]

    @Test(arguments: sentry) func `Sentry`(sample: Sample) throws { try sample.check() }

    @Test(arguments: [
        ("sentry", "sentry-hook-signature", ""), ("github", "x-hub-signature-256", "sha256="),
        ("grafana", "x-grafana-alerting-signature", ""),
    ])
    func `with a secret only signed payloads are accepted`(kind: String, header: String, prefix: String) throws {
        let body = #"{"title": "x", "message": "ü"}"#
        let options = SourceOptions(secret: Secret("s3cret"))
        func isTaken(_ body: String, _ headers: [String: String], _ options: SourceOptions) throws -> Bool {
            do {
                _ = try decode(kind, body, headers: headers, options: options)
                return true
            } catch PayloadError.unauthentic {
                return false
            }
        }
        let right = [header: prefix + hmac(body, "s3cret")]
        #expect(try isTaken(body, right, options))
        #expect(try isTaken(body, right.mapValues { $0.uppercased().replacing("SHA256=", with: "sha256=") }, options))
        #expect(try isTaken(body, [:], SourceOptions()))
        #expect(try !isTaken(body + " ", right, options))
        #expect(try !isTaken(body, [header: prefix + hmac(body, "other")], options))
        #expect(try !isTaken(body, [header: prefix + "00"], options))
        #expect(try !isTaken(body, [header: ""], options))
        #expect(try !isTaken(body, [:], options))
    }

    @Test(arguments: [(0, true), (300, true), (-300, true), (301, false), (-301, false)])
    func `Grafana signs the time too, and an old one is refused`(seconds: Int64, isTaken: Bool) throws {
        let body = #"{"title": "x", "state": "alerting", "ruleName": "x"}"#
        for name in [nil, "x-time"] {
            let time = String(1_772_334_000 + seconds)
            let headers = [
                name ?? "x-grafana-alerting-timestamp": time,
                "x-grafana-alerting-signature": hmac("\(time):\(body)", "s"),
            ]
            let options = SourceOptions(secret: Secret("s"), timestampHeader: name)
            let decoded = try? decode("grafana", body, headers: headers, options: options)
            #expect((decoded != nil) == isTaken)
        }
    }

    @Test func `Netdata's question is answered with the secret's code`() throws {
        let decoded = try decode(
            "netdata", "", query: ["crc_token": "abc"], options: SourceOptions(secret: Secret("s")))
        // printf abc | openssl dgst -sha256 -hmac s -binary | base64
        #expect(
            decoded.request == .answer(#"{"response_token":"sha256=R9kg7ZB4TcXq5jW/0IJPYS0F8J+aR/YDkN6HOtN+VGs="}"#))
        #expect(decoded.entries.isEmpty)
        #expect(throws: PayloadError.self) { try decode("netdata", "", query: ["crc_token": "abc"]) }
    }
}

extension SignedIntegrationTests {
    static func run(_ conclusion: String, _ rest: String = "") -> String {
        """
        {"action": "completed", "repository": {"full_name": "shop/web"}, "sender": {"login": "dana"},
         "workflow": {"name": "CI"}, "workflow_run": {"name": "CI", "head_branch": "main", "conclusion": "\(conclusion)",
          "html_url": "https://github.com/shop/web/actions/runs/1", "updated_at": "2026-03-01T03:00:00Z",
          "head_commit": {"message": "Sell more"}\(rest)}}
        """
    }

    static let github = [
        Sample(
            "a failed run", "github", run("failure"),
            Facts(
                .firing, "CI failed on main: shop/web", key: "shop/web/CI//main",
                links: ["https://github.com/shop/web/actions/runs/1"], starts: "2026-03-01T03:00:00Z", says: "Sell more"
            )),
        Sample(
            "a run that took too long", "github", run("timed_out"),
            Facts(
                .firing, "CI timed out on main: shop/web", key: "shop/web/CI//main",
                links: ["https://github.com/shop/web/actions/runs/1"])),
        Sample(
            "the next success resolves", "github", run("success"),
            Facts(
                .resolved, "CI succeeded on main: shop/web", key: "shop/web/CI//main",
                links: ["https://github.com/shop/web/actions/runs/1"])),
        Sample(
            "a cancelled run pages nobody", "github", run("cancelled"),
            Facts(
                .informational, "CI ended as cancelled on main: shop/web", key: "shop/web/CI//main",
                links: ["https://github.com/shop/web/actions/runs/1"])),
        Sample(
            "a fork's branch is another", "github", run("failure", #", "head_repository": {"full_name": "cleo/web"}"#),
            Facts(
                .firing, "CI failed on cleo/web:main: shop/web", key: "shop/web/CI//cleo/web:main",
                links: ["https://github.com/shop/web/actions/runs/1"])),
        Sample(
            "a failed job", "github",
            """
            {"action": "completed", "repository": {"full_name": "shop/web"}, "workflow_job": {"name": "lint",
             "workflow_name": "CI", "head_branch": "main", "conclusion": "failure", "html_url": "https://github.com/x",
             "steps": [{"name": "Set up", "conclusion": "success"}, {"name": "Lint", "conclusion": "failure"}]}}
            """,
            Facts(
                .firing, "lint failed on main: shop/web", key: "shop/web/CI/lint/main", links: ["https://github.com/x"],
                says: "Failed: Lint")),
        Sample(
            "a failed check", "github",
            """
            {"action": "completed", "repository": {"full_name": "shop/web"}, "check_run": {"name": "build",
             "conclusion": "failure", "html_url": "https://github.com/y", "details_url": "https://ci.example.com/1",
             "check_suite": {"head_branch": "main"}, "output": {"title": "3 errors", "summary": "In cart.swift"}}}
            """,
            Facts(
                .firing, "build failed on main: shop/web", key: "shop/web//build/main",
                links: ["https://github.com/y", "https://ci.example.com/1"], says: "3 errors\n\nIn cart.swift")),
    ]

    @Test(arguments: github) func `GitHub`(sample: Sample) throws { try sample.check() }

    @Test(arguments: [
        (#"{"zen": "Keep it simple.", "hook_id": 1}"#, "ping"), (#"{"ref": "main", "commits": []}"#, "push"),
        (#"{"action": "requested", "workflow_run": {"conclusion": null}}"#, "workflow_run"),
    ])
    func `an event without an outcome is accepted and noted`(body: String, event: String) throws {
        let decoded = try decode("github", body, headers: ["x-github-event": event])
        #expect(decoded.entries.isEmpty && decoded.notes.count == 1)
    }
}
