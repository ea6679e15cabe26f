import Domain
import Formats
import TestSupport
import Testing

@testable import App

/// Alertmanager's own API: an alert is over at its `endsAt` unless it is repeated.
@Suite struct ExpiryScenarios {
    private func send(
        _ app: TestApp, ends: Duration, name: String = "QueueFull", cluster: String? = nil
    ) async throws -> Int {
        let now = app.time.now
        let more = cluster.map { #", "cluster": "\#($0)""# } ?? ""
        let body = """
            [{"labels": {"alertname": "\(name)", "severity": "critical"\(more)},
              "startsAt": "\(now.rfc3339)", "endsAt": "\((now + ends).rfc3339)"}]
            """
        let headers = [(name: "Authorization", value: "Bearer \(TestApp.key)")]
        return try await app.send("POST", "/api/v2/alerts", body, headers: headers).status
    }

    @Test(arguments: TestDatabase.available)
    func `an alert whose end passes in silence is resolved at that instant, and each repeat moves it`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let first = try await send(app, ends: .minutes(4))
            #expect(first == 200)
            try await app.expectPages(["email ada@example.com"])
            try await app.advance(.minutes(3))
            _ = try await send(app, ends: .minutes(4))
            // A second sender with a shorter end does not bring it forward.
            _ = try await send(app, ends: .minutes(1))
            try await app.advance(.minutes(4) - .seconds(1))
            #expect(try await app.state() == "triggered")
            try await app.takePages()
            let end = app.time.now + .seconds(1)
            try await app.advance(.seconds(1))
            #expect(try await app.state() == "resolved")
            let incident = try await app.send("GET", "/api/v1/incidents/1").json
            #expect(incident["resolved_at"]?.text == end.rfc3339 || "\(incident)".contains(end.rfc3339))
            #expect(try await app.timeline().contains { $0.contains("nothing was heard of it any more") })
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an end that passes while no process runs counts at the next start`(kind: TestDatabase) async throws {
        let (url, time) = (try await kind.make(), ManualTime())
        try await TestApp.run(kind, time: time, url: url) { app in
            _ = try await send(app, ends: .minutes(4))
            try await app.act("acknowledge")
            try await app.takePages()
        }
        time.advance(by: .minutes(10))
        try await TestApp.run(kind, time: time, url: url) { app in
            try await app.settle()
            #expect(try await app.state() == "resolved")
        }
    }

    @Test func `an acknowledged alert ends as well, and the webhook's alerts never end by themselves`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            _ = try await send(app, ends: .minutes(2))
            try await app.act("acknowledge")
            try await app.advance(.minutes(2))
            #expect(try await app.state() == "resolved")
            let webhook = """
                {"receiver": "r", "status": "firing", "alerts": [{"status": "firing", "fingerprint": "f",
                 "labels": {"alertname": "A"}, "endsAt": "\((app.time.now + .minutes(2)).rfc3339)"}]}
                """
            #expect(try await app.send("POST", "/api/v1/alerts/alertmanager", webhook).status == 201)
            try await app.act("acknowledge", on: 2)
            try await app.advance(.minutes(10))
            #expect(try await app.state(2) == "acknowledged")
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `alerts of a group end one by one, and the last one resolves the incident`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: { $0.source.options = #"{"group_by": "cluster"}"# }) { app in
            _ = try await send(app, ends: .minutes(2), name: "A", cluster: "one")
            _ = try await send(app, ends: .minutes(4), name: "B", cluster: "one")
            try await app.act("acknowledge")
            try await app.advance(.minutes(3))
            #expect(try await app.state() == "acknowledged")
            #expect(try await app.timeline().contains { $0.contains("A") && $0.contains("recovered") })
            try await app.advance(.minutes(1))
            #expect(try await app.state() == "resolved")
            try await app.takePages()
        }
    }
}
