import Actors
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite struct HeartbeatScenarios {
    /// Creates a monitor and returns it with the path of its URL.
    func create(
        _ app: TestApp, _ fields: String = #""period_seconds": 600, "grace_seconds": 60"#
    ) async throws -> (id: String, path: String) {
        let answer = try await app.send(
            "POST", "/api/v1/heartbeats", #"{"name": "Backup", "team": "Operations", \#(fields)}"#)
        #expect(answer.status == 201, "\(answer.json)")
        let url = answer.json["url"]?.text ?? ""
        return (answer.json["id"]?.text ?? "", String(url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }))
    }

    func beat(_ app: TestApp, _ path: String, _ method: String = "GET", _ body: String? = nil) async throws {
        let answer = try await app.send(method, path, body, headers: [])
        #expect(answer.status == 200, "\(answer.json)")
    }

    @Test(arguments: TestDatabase.available)
    func `a missed beat opens an incident, and the next beat resolves it`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let (id, path) = try await create(app)
            // A new monitor is not late before its first beat.
            try await app.advance(.hours(2))
            try await app.expectPages([])
            try await beat(app, path)
            for method in ["POST", "HEAD", "GET"] {
                try await app.advance(.minutes(9))
                try await beat(app, path, method)
            }
            try await app.advance(.seconds(659))
            try await app.expectPages([])
            try await app.advance(.seconds(1))
            try await app.expectPages(["email ada@example.com"])
            let incident = try await app.send("GET", "/api/v1/incidents/1").json
            #expect(incident["title"]?.text == "Backup is late")
            #expect(incident["source"]?["name"]?.text == "Backup")
            #expect(try await app.send("GET", "/api/v1/heartbeats/\(id)").json["status"]?.text == "late")
            try await beat(app, path)
            #expect(try await app.state() == "resolved")
            #expect(try await app.send("GET", "/api/v1/heartbeats/\(id)").json["status"]?.text == "up")
            // The monitor is still watched.
            try await app.advance(.minutes(11))
            #expect(try await app.state(2) == "triggered")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge", on: 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the latest signals are logged with their sender and whether they were late, a hundred of them`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let (id, path) = try await create(app)
            let beats = { () async throws -> [JSON] in
                try await app.send("GET", "/api/v1/heartbeats/\(id)/beats").json["items"]?.array ?? []
            }
            #expect(try await beats().isEmpty)
            try await beat(app, path)
            try await app.advance(.minutes(12))
            try await app.expectPages(["email ada@example.com"])
            _ = try await app.send("POST", path, headers: [("User-Agent", "backup/1.0")])
            let latest = try await beats()
            #expect(latest.map { $0["late"] } == [.bool(true), .bool(false)])
            #expect(latest[0]["signal"]?.text == "beat")
            #expect(latest[0]["user_agent"]?.text?.hasPrefix("backup/1.0") == true)
            #expect(latest[0]["address"]?.text == "127.0.0.1")
            for _ in 1...Heartbeat.Limits.signals {
                app.time.advance(by: .milliseconds(10))
                try await beat(app, path + "/start")
            }
            let kept = try await beats()
            #expect(kept.count == Heartbeat.Limits.signals)
            #expect(kept.allSatisfy { $0["signal"]?.text == "start" })
            #expect(try await app.send("GET", "/api/v1/heartbeats/nothing/beats").status == 404)
            #expect(try await app.send("GET", "/api/v1/heartbeats/\(id)/beats", headers: []).status == 401)
            _ = try await app.assembly.store.prune(.usual, at: app.time.now + .days(91))
            #expect(try await beats().isEmpty)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a monitor is still watched after its incident was resolved by hand`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let (id, path) = try await create(app)
            try await beat(app, path)
            try await app.advance(.minutes(11))
            try await app.expectPages(["email ada@example.com"])
            // While the incident is open, another missed beat opens no second one.
            try await app.act("acknowledge")
            try await app.advance(.minutes(25))
            #expect(try await app.state(2) == nil)
            try await app.act("resolve")
            try await app.advance(.minutes(11))
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.state(2) == "triggered")
            try await beat(app, path)
            #expect(try await app.state(2) == "resolved")
            #expect(try await app.send("GET", "/api/v1/heartbeats/\(id)").json["status"]?.text == "up")
            // A job that fails and then goes silent behaves the same.
            try await beat(app, "\(path)/fail")
            try await app.act("resolve", on: 3)
            try await app.takePages()
            try await app.advance(.minutes(11))
            try await app.expectPages(["email ada@example.com"])
            #expect(try await app.state(4) == "triggered")
            try await app.act("resolve", on: 4)
            #expect(try await app.send("PATCH", "/api/v1/heartbeats/\(id)", #"{"paused": true}"#).status == 200)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a job that fails or does not finish opens an incident`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let (_, path) = try await create(app)
            try await beat(app, "\(path)/fail", "POST", "disk full")
            try await app.expectPages(["email ada@example.com"])
            let incident = try await app.send("GET", "/api/v1/incidents/1").json
            #expect(incident["title"]?.text == "Backup failed")
            #expect(incident["description"]?.text == "disk full")
            try await beat(app, "\(path)/0")
            #expect(try await app.state() == "resolved")
            try await beat(app, "\(path)/start")
            try await app.advance(.seconds(60))
            try await app.expectPages(["email ada@example.com"])
            let late = try await app.send("GET", "/api/v1/incidents/2").json
            #expect(late["description"]?.text?.contains("has not ended") == true)
            try await beat(app, path)
            try await beat(app, "\(path)/3")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("resolve", on: 3)
            #expect(try await app.send("GET", "\(path)/maybe", headers: []).status == 404)
            #expect(try await app.send("GET", "\(path)/256", headers: []).status == 404)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a paused monitor is silent, and watches again from its next beat on`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let (id, path) = try await create(app)
            try await beat(app, path)
            #expect(try await app.send("PATCH", "/api/v1/heartbeats/\(id)", #"{"paused": true}"#).status == 200)
            try await app.advance(.hours(1))
            try await beat(app, "\(path)/fail")
            try await app.expectPages([])
            #expect(try await app.send("PATCH", "/api/v1/heartbeats/\(id)", #"{"paused": false}"#).status == 200)
            try await app.advance(.hours(1))
            try await app.expectPages([])
            try await beat(app, path)
            try await app.advance(.minutes(11))
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a new period applies at once, and a cron expression uses its time zone`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            // It is 13:00 in Zagreb.
            let (id, path) = try await create(app)
            try await beat(app, path)
            let change = #"{"cron": "30 13 * * *", "time_zone": "Europe/Zagreb"}"#
            let changed = try await app.send("PATCH", "/api/v1/heartbeats/\(id)", change)
            #expect(changed.json["due_at"]?.text == "2026-03-04T12:31:00Z", "\(changed.json)")
            #expect(changed.json["period_seconds"] == nil)
            try await app.advance(.minutes(31))
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
    func `a beat received by one process reaches the clock of another`() async throws {
        let url = try await TestDatabase.postgres.make()
        let time = ManualTime()
        try await TestApp.run(.postgres, time: time, url: url) { one in
            try await TestApp.run(.postgres, time: time, url: url) { two in
                let (_, path) = try await create(one, #""period_seconds": 10, "grace_seconds": 1"#)
                try await two.waitUntil { try await two.send("HEAD", path, headers: []).status == 200 }
                try await one.advance(.seconds(11))
                try await two.waitUntil { try await two.state() == "triggered" }
                try await beat(two, path)
                #expect(try await one.state() == "resolved")
                try await one.takePages()
                try await two.takePages()
            }
        }
    }

    @Test func `wrong monitors are named by their fields, and those who may not change them are refused`() async throws
    {
        try await TestApp.run(.sqliteMemory) { app in
            for (fields, field) in [
                (#""period_seconds": 1"#, "period_seconds"), (#""period_seconds": "soon""#, "period_seconds"),
                (#""cron": "61 * * * *""#, "cron"), (#""cron": "@daily", "time_zone": "Mars""#, "time_zone"),
                (#""period_seconds": 60, "grace_seconds": 0"#, "grace_seconds"), (#""x": 1"#, "period_seconds"),
                (#""period_seconds": 60, "policy_id": "none""#, "policy_id"),
                (#""period_seconds": 60, "severity": "purple""#, "severity"),
            ] {
                let body = #"{"name": "Backup", "team": "Operations", \#(fields)}"#
                let answer = try await app.send("POST", "/api/v1/heartbeats", body)
                #expect(answer.status == 422, "\(fields)")
                #expect(answer.json["errors"]?.array?.first?["field"]?.text == field, "\(answer.json)")
            }
            let (id, path) = try await create(app)
            let again = try await app.send(
                "POST", "/api/v1/heartbeats", #"{"name": "backup", "team": "Operations", "period_seconds": 60}"#)
            #expect(again.status == 422)
            #expect(try await app.send("GET", "/api/v1/heartbeats/hb_nothing", headers: []).status == 404)
            #expect(try await app.send("GET", "/api/v1/heartbeats/\(id)", headers: []).status == 401)
            #expect(try await app.send("POST", "/api/v1/heartbeats", "{}", headers: []).status == 401)
            #expect(try await app.send("GET", "/api/v1/heartbeats").json["items"]?.array?.count == 1)
            #expect(try await app.send("DELETE", "/api/v1/heartbeats/\(id)").status == 204)
            #expect(try await app.send("GET", path, headers: []).status == 404)
        }
    }
}
