import Actors
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// Deduplication beyond one key: groups, flapping, auto-resolution, storms of different alerts.
@Suite struct GroupingScenarios {
    static let grouped: @Sendable (inout TestTeam) -> Void = { $0.source.options = #"{"group_by": "cluster"}"# }

    func alert(_ key: String, _ status: String = "firing", cluster: String? = "one") -> String {
        let labels = cluster.map { #", "labels": {"cluster": "\#($0)"}"# } ?? ""
        return #"{"title": "\#(key) is down", "external_id": "\#(key)", "status": "\#(status)"\#(labels)}"#
    }

    @Test(arguments: TestDatabase.available)
    func `alerts of one label share an incident that resolves with the last of them`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: GroupingScenarios.grouped) { app in
            let first = try await app.alert("[\(alert("a")), \(alert("b")), \(alert("x", cluster: "two"))]")
            #expect(first["results"]?.array?.map { $0["incident"]?["number"]?.text } == ["1", "1", "2"])
            #expect(try await app.alert(alert("c"))["incident"]?["number"]?.text == "1")
            try await app.alert(alert("a", "resolved"))
            let shown = try await app.send("GET", "/api/v1/incidents/1").json["alerts"]?.array
            #expect(shown?.map { $0["is_firing"]?.text } == ["false", "true", "true"])
            // Later messages of an alert often lack its labels.
            let second = try await app.alert(alert("b", "resolved", cluster: nil))
            #expect(second["incident"]?["number"]?.text == "1")
            #expect(second["incident"]?["state"]?.text == "triggered")
            #expect(try await app.alert(alert("c", "resolved"))["status"]?.text == "resolved")
            #expect(try await app.state(1) == "resolved")
            #expect(try await app.state(2) == "triggered")
            try await app.act("resolve", on: 2)
            // Both incidents came in one body, so one message covers both.
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
    func `two processes put the alerts of a group into one incident`() async throws {
        let url = try await TestDatabase.postgres.make()
        try await TestApp.run(.postgres, url: url, team: GroupingScenarios.grouped) { one in
            try await TestApp.run(.postgres, url: url) { two in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask { try await (number % 2 == 0 ? one : two).alert(alert("host-\(number)")) }
                    }
                    try await group.waitForAll()
                }
                // If both processes open it at once, the first of the two numbers may stay unused.
                let items = try await one.send("GET", "/api/v1/incidents").json["items"]?.array ?? []
                let incident = try #require(items.first?["number"].flatMap { $0.text.flatMap { Int($0) } })
                for number in 0..<40 {
                    #expect(try await one.state(incident) == "triggered")
                    try await (number % 2 == 0 ? two : one).alert(alert("host-\(number)", "resolved"))
                }
                #expect(try await two.state(incident) == "resolved")
                #expect(try await one.send("GET", "/api/v1/incidents").json["items"]?.array?.count == 1)
                let pages = await one.outbox.messages + two.outbox.messages
                #expect(pages.map(\.address) == ["ada@example.com"], "\(pages.map(\.text))")
                try await one.takePages()
                try await two.takePages()
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an alert that flaps within the window pages nobody again and continues where it was`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, team: { $0.source.reopenWindow = .minutes(10) }) { app in
            try await app.alert(alert("a"))
            try await app.expectPages(["email ada@example.com"])
            for _ in 0..<3 {
                try await app.advance(.minutes(1))
                #expect(try await app.alert(alert("a", "resolved"))["status"]?.text == "resolved")
                try await app.advance(.minutes(2))
                #expect(try await app.alert(alert("a"))["incident"]?["number"]?.text == "1")
            }
            try await app.expectPages([])
            // While the incident was open, three of Bob's five minutes had passed.
            try await app.advance(.minutes(1))
            try await app.expectPages([])
            try await app.advance(.minutes(1))
            try await app.expectPages(["email bob@example.com"])
            #expect(
                try await app.timeline().contains(
                    "Prometheus fires again soon after it was resolved; the incident continues where it was"))
            try await app.alert(alert("a", "resolved"))
            try await app.advance(.minutes(11))
            #expect(try await app.alert(alert("a"))["incident"]?["number"]?.text == "2")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge", on: 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page withdrawn by a flap is sent when it is due`(kind: TestDatabase) async throws {
        let delayed: (inout TestTeam) -> Void = { team in
            team.source.reopenWindow = .minutes(10)
            team.rules = [
                NotificationRule(
                    id: "late", userID: "ada", urgency: .high, delay: .minutes(2), contactMethodID: "mail-ada")
            ]
        }
        try await TestApp.run(kind, team: delayed) { app in
            try await app.alert(alert("a"))
            try await app.advance(.minutes(1))
            try await app.alert(alert("a", "resolved"))
            try await app.advance(.minutes(5))
            try await app.alert(alert("a"))
            try await app.expectPages([])
            try await app.advance(.minutes(1))
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a late copy from the second of two Alertmanagers opens nothing`(kind: TestDatabase) async throws {
        @Sendable func group(_ status: String, _ began: String) -> String {
            #"""
            {"version": "4", "status": "\#(status)", "alerts": [{"status": "\#(status)", "fingerprint": "f1",
              "labels": {"alertname": "Down"}, "startsAt": "\#(began)"}]}
            """#
        }
        try await TestApp.run(kind, team: { $0.source.kind = "alertmanager" }) { app in
            let first = "2026-03-04T11:59:00Z"
            for (status, word) in [
                ("firing", "created"), ("firing", "updated"), ("resolved", "resolved"), ("firing", "ignored"),
            ] {
                let answer = try await app.alert(group(status, first))
                #expect(answer["status"]?.text == word)
                if word == "created" { try await app.expectPages(["email ada@example.com"]) }
            }
            // A new episode opens a new incident. So does an alert that still fires after a person resolved it.
            #expect(try await app.alert(group("firing", "2026-03-04T12:00:00Z"))["status"]?.text == "created")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve", on: 2)
            #expect(try await app.alert(group("firing", "2026-03-04T12:00:00Z"))["status"]?.text == "created")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve", on: 3)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `silence resolves an incident if its source is set up that way`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: { $0.source.autoResolveAfter = .minutes(4) }) { app in
            try await app.alert(alert("a"))
            try await app.advance(.minutes(3))
            try await app.alert(alert("a"))
            try await app.advance(.minutes(3))
            #expect(try await app.state() == "triggered")
            try await app.advance(.minutes(1))
            #expect(try await app.state() == "resolved")
            try await app.expectPages(["email ada@example.com", "email bob@example.com"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a worse alert pages when it becomes urgent, and a late one changes nothing`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            func send(_ status: String, _ severity: String, _ began: String) async throws -> JSON {
                try await app.alert(
                    #"{"title": "T", "external_id": "k", "status": "\#(status)", "severity": "\#(severity)", "starts_at": "\#(began)"}"#
                )
            }
            _ = try await send("firing", "warning", "2026-03-04T11:00:00Z")
            try await app.expectPages(["email ada@example.com"])
            _ = try await send("firing", "critical", "2026-03-04T11:00:00Z")
            try await app.expectPages(["email ada@example.com"])
            #expect(try await send("resolved", "critical", "2026-03-04T10:00:00Z")["status"]?.text == "ignored")
            #expect(try await send("resolved", "critical", "0001-01-01T00:00:00Z")["status"]?.text == "resolved")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a thousand alerts in one body are stored together and paged by one message`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, dispatch: .init(bundlingWindow: .seconds(10))) { app in
            let alerts = (0..<1_000).map { alert("host-\($0)") }
            let answer = try await app.alert("[\(alerts.joined(separator: ","))]")
            #expect(answer["results"]?.array?.count { $0["status"]?.text == "created" } == 1_000)
            try await app.expectPages(["email ada@example.com"])
            #expect(await app.outbox.messages.first?.subject == "1000 unacknowledged incidents")
            let recovery = (0..<1_000).map { alert("host-\($0)", "resolved") }
            let over = try await app.alert("[\(recovery.joined(separator: ","))]")
            #expect(over["results"]?.array?.count { $0["status"]?.text == "resolved" } == 1_000)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a batch opens new, updates known and resolves ended problems`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(alert("known"))
            let batch = [
                alert("new"), alert("known"), alert("new"), alert("ended", "resolved"), alert("brief"),
                alert("brief", "resolved"), alert("brief"),
            ]
            let answer = try await app.alert("[\(batch.joined(separator: ","))]")
            #expect(
                answer["results"]?.array?.map { $0["status"]?.text } == [
                    "created", "updated", "updated", "ignored", "created", "resolved", "created",
                ])
            try await app.takePages()
            for number in 1...4 { try await app.act("resolve", on: number) }
        }
    }
}
