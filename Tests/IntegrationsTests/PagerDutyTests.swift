import Domain
import Formats
import Integrations
import Testing

@Suite struct PagerDutyTests {
    static let samples = [
        Sample(
            "a trigger", "pagerduty",
            """
            {"routing_key": "k", "event_action": "trigger", "dedup_key": "db-1/disk", "client": "Cron",
             "client_url": "https://cron.example.com/7", "links": [{"href": "https://wiki.example.com/disk", "text": "Wiki"}],
             "images": [{"src": "https://graph.example.com/1.png", "alt": "Graph"}],
             "payload": {"summary": "Disk full", "source": "db-1", "severity": "error", "component": "disk",
              "timestamp": "2026-03-01T03:00:00.000+0000", "custom_details": {"used": "99 %", "tries": 3, "more": {"a": 1}}}}
            """,
            Facts(
                .firing, "Disk full", key: "db-1/disk", .error,
                links: [
                    "https://wiki.example.com/disk", "https://graph.example.com/1.png", "https://cron.example.com/7",
                ],
                starts: "2026-03-01T03:00:00Z", says: "used: 99 %\ntries: 3\nmore: {\"a\":1}")),
        Sample(
            "an acknowledgement", "pagerduty",
            #"{"routing_key": "k", "event_action": "acknowledge", "dedup_key": "a"}"#,
            Facts(.acknowledged, "a", key: "a")),
        Sample(
            "a resolution", "pagerduty",
            #"{"routing_key": "k", "event_action": "resolve", "dedup_key": "a", "payload": {"summary": "Disk full"}}"#,
            Facts(.resolved, "Disk full", key: "a")),
        Sample(
            "version 1", "pagerduty",
            """
            {"service_key": "k", "event_type": "trigger", "incident_key": "a", "description": "Disk full",
             "details": "99 % of 1 TB", "contexts": [{"type": "link", "href": "https://example.com/x"}]}
            """,
            Facts(.firing, "Disk full", key: "a", links: ["https://example.com/x"], says: "99 % of 1 TB")),
        Sample(
            "version 1, resolved", "pagerduty", #"{"service_key": "k", "event_type": "resolve", "incident_key": "a"}"#,
            Facts(.resolved, "a", key: "a")),
        Sample(
            "a webhook of version 3", "pagerduty",
            """
            {"event": {"id": "e", "event_type": "incident.triggered", "data": {"id": "PABC", "type": "incident",
             "title": "Shop is down", "html_url": "https://x.pagerduty.com/incidents/PABC", "urgency": "low",
             "created_at": "2026-03-01T03:00:00Z", "service": {"summary": "Shop"}}}}
            """,
            Facts(
                .firing, "Shop is down", key: "PABC", .warning, links: ["https://x.pagerduty.com/incidents/PABC"],
                starts: "2026-03-01T03:00:00Z")),
        Sample(
            "a webhook of version 3 about a note", "pagerduty",
            #"{"event": {"event_type": "incident.annotated", "data": {"incident": {"id": "PABC"}, "content": "x"}}}"#,
            Facts(.informational, "PagerDuty incident", key: "PABC")),
        Sample(
            "a webhook of version 2", "pagerduty",
            """
            {"messages": [{"event": "incident.acknowledge", "incident": {"id": "P1", "title": "A", "priority":
              {"summary": "P2"}}}, {"event": "incident.resolve", "incident": {"id": "P2", "title": "B"}}]}
            """, Facts(.acknowledged, "A", key: "P1", .error), Facts(.resolved, "B", key: "P2")),
    ]

    @Test(arguments: samples) func `events and webhooks`(sample: Sample) throws { try sample.check() }

    @Test func `a trigger without a key gets a unique one`() throws {
        let body = #"{"routing_key": "k", "event_action": "trigger", "payload": {"summary": "x", "severity": "info"}}"#
        let first = try #require(try decode("pagerduty", body).events.first)
        let later = try #require(try decode("pagerduty", body, at: Timestamp(seconds: 1_772_334_001)).events.first)
        #expect(first.dedupKey != later.dedupKey)
        // The key in the answer can be sent back.
        let answer = #"{"routing_key": "k", "event_action": "resolve", "dedup_key": "\#(first.dedupKey)"}"#
        #expect(try decode("pagerduty", answer).events.first?.dedupKey == first.dedupKey)
    }

    @Test(arguments: [
        (#"{"event_action": "trigger", "payload": {"source": "x"}}"#, "payload.summary"),
        (#"{"event_action": "resolve"}"#, "dedup_key"),
        (#"{"event_action": "snooze", "dedup_key": "a"}"#, "event_action"),
        (#"{"service_key": "k", "event_type": "trigger"}"#, "description"),
        (#"{"service_key": "k", "event_type": "acknowledge"}"#, "incident_key"),
    ])
    func `missing members are named`(body: String, field: String) {
        let error = #expect(throws: PayloadError.self) { try decode("pagerduty", body) }
        guard case .unprocessable(let faults) = error else {
            return #expect(Bool(false), "\(String(describing: error))")
        }
        #expect(faults.map(\.field) == [field])
    }

    @Test func `a change event is noted and opens nothing`() throws {
        let decoded = try decode(
            "pagerduty", #"{"routing_key": "k", "payload": {"summary": "Deployed 1.2", "source": "ci"}}"#)
        #expect(decoded.events.map(\.status) == [.informational] && decoded.notes.count == 1)
    }

    @Test(arguments: [("routing_key", "k-1"), ("service_key", "k-2")])
    func `the body holds the source's key`(name: String, key: String) {
        let payload = Payload(body: Array(#"{"\#(name)": "\#(key)"}"#.utf8), receivedAt: Timestamp(seconds: 0))
        #expect(payload.routingKey == key)
        #expect(Payload(body: [], receivedAt: Timestamp(seconds: 0)).routingKey == nil)
    }

    @Test func `a webhook's signature must be right where there is one`() throws {
        let body = #"{"event": {"event_type": "incident.resolved", "data": {"id": "P"}}}"#
        let options = SourceOptions(secret: Secret("s"))
        let right = "v1=\(String(repeating: "0", count: 64)), v1=\(hmac(body, "s"))"
        #expect(
            try decode("pagerduty", body, headers: ["x-pagerduty-signature": right], options: options).events.count == 1
        )
        #expect(throws: PayloadError.self) {
            try decode("pagerduty", body, headers: ["x-pagerduty-signature": "v1=\(hmac(body, "t"))"], options: options)
        }
        // Clients of the API do not sign.
        #expect(try decode("pagerduty", Self.samples[1].body, options: options).events.count == 1)
    }
}
