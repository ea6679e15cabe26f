import Domain
import Providers
import Store
import TestSupport
import Testing

@testable import App
@testable import Transport

@Suite(.serialized)
struct MetricsTests {
    @Test(
        arguments: [
            (0, 10_000), (99, 10_000), (250, 25_000), (2_900, 290_000), (60_000, 300_000),
        ])
    func `slow counts are kept longer`(took: Int, kept: Int) {
        #expect(MetricsCache.lifetime(ofCountsThatTook: .milliseconds(took)) == .milliseconds(kept))
    }

    @Test(arguments: TestDatabase.kinds)
    func `the metrics count incidents, pages, alerts, providers, requests and the lease`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            try await app.waitUntil {
                try await app.assembly.store.leaseStatuses().values.allSatisfy { $0.isHeld }
            }
            for key in ["a", "b"] {
                try await app.alert(#"{"title": "Disk full", "external_id": "\#(key)"}"#)
                // Two at once might be bundled into one message.
                try await app.expectPages(["email ada@example.com"])
            }
            try await app.alert(#"{"title": "Disk full", "external_id": "a"}"#)
            try await app.act("acknowledge", on: 1)
            _ = try await app.send("GET", "/nowhere")
            let answer = try await app.send("GET", "/metrics", headers: [])
            #expect(answer.status == 200)
            #expect(answer.response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            let lines = Set(String(decoding: answer.response.body, as: UTF8.self).split(separator: "\n"))
            let expected = [
                #"pagerpal_info{version="\#(PagerPal.release)"} 1"#, "# TYPE pagerpal_incidents gauge",
                #"pagerpal_incidents{state="triggered"} 1"#, #"pagerpal_incidents{state="acknowledged"} 1"#,
                #"pagerpal_incidents{state="resolved"} 0"#, #"pagerpal_pages{state="sent",channel="email"} 2"#,
                #"pagerpal_pages{state="failed",channel="voice"} 0"#, "pagerpal_page_delay_seconds 0",
                "pagerpal_follow_ups 0", "pagerpal_follow_up_age_seconds 0",
                #"pagerpal_alerts_total{result="opened"} 2"#, #"pagerpal_alerts_total{result="updated"} 1"#,
                #"pagerpal_provider_messages_total{provider="outbox",channel="all",result="accepted"} 2"#,
                #"pagerpal_provider_state{provider="outbox",channel="all",state="ok"} 1"#,
                #"pagerpal_lease_held{duty="dispatch"} 1"#,
                #"pagerpal_lease_is_ours{duty="escalation"} 1"#, #"pagerpal_lease_epoch_total{duty="escalation"} 1"#,
                #"pagerpal_lease_remaining_seconds{duty="dispatch"} 259200"#,
                #"pagerpal_http_requests_total{method="POST",status="201"} 2"#,
                #"pagerpal_http_requests_total{method="GET",status="404"} 1"#,
                #"pagerpal_http_request_duration_seconds_bucket{le="+Inf"} 5"#,
                "pagerpal_http_request_duration_seconds_count 5",
            ]
            for line in expected { #expect(lines.contains(Substring(line)), "\(line)") }
        }
    }

    @Test
    func `unknown HTTP methods are counted together`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for method in ["PROPFIND", "LOCK"] { _ = try await app.send(method, "/health") }
            let answer = try await app.send("GET", "/metrics", headers: [])
            let text = String(decoding: answer.response.body, as: UTF8.self)
            #expect(text.contains(#"pagerpal_http_requests_total{method="OTHER",status="405"} 2"#))
            #expect(!text.contains("PROPFIND"))
        }
    }
}
