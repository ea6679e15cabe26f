import Actors
import Database
import Domain
import Formats
import Foundation
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite struct IngestScenarios {
    @Test(arguments: TestDatabase.available)
    func `repeats count, recoveries resolve, and a new episode is a new incident`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let first = try await app.alert(#"{"title": "Disk full", "external_id": "disk"}"#)
            try await app.expectPages(["email ada@example.com"])
            let second = try await app.alert(#"{"title": "Disk fuller", "external_id": "disk"}"#)
            #expect(second["status"]?.text == "updated")
            #expect(second["incident"]?["id"] == first["incident"]?["id"])
            #expect(second["incident"]?["alert_count"]?.text == "2")
            let unknown = try await app.alert(#"{"title": "Other", "external_id": "other", "status": "resolved"}"#)
            #expect(unknown["status"]?.text == "ignored")
            let recovery = try await app.alert(#"{"title": "Disk", "external_id": "disk", "status": "resolved"}"#)
            #expect(recovery["status"]?.text == "resolved")
            let next = try await app.alert(#"{"title": "Disk full", "external_id": "disk"}"#)
            #expect(next["incident"]?["number"]?.text == "2")
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a storm of a thousand equal alerts opens one incident, pages once and counts a thousand`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<64 {
                    group.addTask {
                        for _ in 0..<16 { try await app.alert(#"{"title": "Storm", "external_id": "storm"}"#) }
                    }
                }
                try await group.waitForAll()
            }
            let list = try await app.send("GET", "/api/v1/incidents").json["items"]?.array
            #expect(list?.count == 1)
            #expect(list?.first?["alert_count"]?.text == "1024")
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `each alert of a batch has its own answer, and a bad one loses no others`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let body = """
                [{"title": "A", "external_id": "a"}, {"severity": "critical"}, {"title": "B", "external_id": "b"},
                 {"title": "A is over", "external_id": "a", "status": "resolved"}, 7, {"title": "C", "team": "nobody"}]
                """
            let answer = try await app.send("POST", "/api/v1/alerts", body)
            #expect(answer.status == 201)
            let results = answer.json["results"]?.array ?? []
            #expect(
                results.map { $0["status"]?.text } == [
                    "created", "rejected", "created", "resolved", "rejected", "rejected",
                ])
            #expect(results[1]["errors"]?.array?.first?["field"]?.text == "title")
            #expect(results[5]["errors"]?.array?.first?["field"]?.text == "team")
            try await app.advance(.minutes(1))
            let pages = await app.outbox.messages.count
            #expect((1...2).contains(pages))
            for number in 1...2 where try await app.state(number) == "triggered" {
                try await app.act("acknowledge", on: number)
            }
            try await app.expectPages(Array(repeating: "email ada@example.com", count: pages))
        }
    }

    @Test(arguments: [
        ("", 400, "empty"), ("{", 400, "line 1, column 2"), (#"{"title": "x"} y"#, 400, "line 1, column 16"),
        ("7", 400, "JSON"), ("[]", 422, "empty"), ("{}", 422, "title"), (#"{"title": "  "}"#, 422, "title"),
        (#"{"title": {"a": 1}}"#, 422, "title"),
        (#"{"title": "x", "team": "nobody"}"#, 422, "team"),
        (#"{"title": "x", "team": "Other"}"#, 422, "team"),
    ])
    func `bad input is named and stores nothing`(body: String, status: Int, words: String) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let answer = try await app.send("POST", "/api/v1/alerts", body)
            #expect(answer.status == status)
            #expect(answer.response.headers["content-type"] == "application/problem+json")
            #expect(answer.json["detail"]?.text?.contains(words) == true, "\(answer.json)")
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.isEmpty == true)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `wrong, missing and disabled keys get the same answer`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let body = #"{"title": "x"}"#
            var answers: [(Int, [UInt8])] = []
            for headers in [
                [], [("X-API-Key", "wrong")], [("Authorization", "Bearer ")], [("Authorization", "Basic !!!")],
            ] {
                let answer = try await app.send(
                    "POST", "/api/v1/alerts", body, headers: headers.map { (name: $0.0, value: $0.1) })
                answers.append((answer.status, answer.response.body))
            }
            var source = app.team.source
            source.isEnabled = false
            try await app.assembly.engine.configurator.change(by: .system) { _ in [.save(source)] }
            let disabled = try await app.send("POST", "/api/v1/alerts", body)
            answers.append((disabled.status, disabled.response.body))
            #expect(answers.allSatisfy { $0.0 == 401 && $0.1 == answers[0].1 })
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.isEmpty == true)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a key created by a command works at once, even right after wrong keys`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            for number in 1...5 {
                let key = "made-by-a-command-\(number)"
                let send = {
                    try await app.send(
                        "POST", "/api/v1/alerts", #"{"title": "x", "status": "resolved"}"#,
                        headers: [("X-API-Key", key)])
                }
                #expect(try await send().status == 401)
                let source = AlertSource(
                    id: SourceID("made-\(number)"), name: "Made \(number)", teamID: "team-ops", keyHash: sha256(key))
                try await app.assembly.store.change([.save(source)], at: app.time.now)
                #expect(try await send().status == 200)
            }
        }
    }

    @Test(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
    func `a key that is revoked on one process stops working on the other`() async throws {
        let url = try await TestDatabase.postgres.make()
        try await TestApp.run(.postgres, url: url) { one in
            try await TestApp.run(.postgres, url: url) { two in
                let body = #"{"title": "x", "status": "resolved"}"#
                let before = try await two.send("POST", "/api/v1/alerts", body)
                #expect(before.status == 200)
                var source = one.team.source
                source.isEnabled = false
                try await one.assembly.engine.configurator.change(by: .system) { _ in [.save(source)] }
                let here = try await one.send("POST", "/api/v1/alerts", body)
                #expect(here.status == 401)
                try await two.waitUntil { try await two.send("POST", "/api/v1/alerts", body).status == 401 }
            }
        }
    }

    @Test func `keys are read from every place where senders put them`() async throws {
        let basic = Data("anybody:\(TestApp.key)".utf8).base64EncodedString()
        try await TestApp.run(.sqliteMemory) { app in
            let places = [
                ("X-API-Key", TestApp.key), ("X-Alert-Source-Key", TestApp.key),
                ("Authorization", "Bearer \(TestApp.key)"),
                ("Authorization", "Basic \(basic)"),
            ]
            let body = #"{"title": "x", "status": "resolved"}"#
            for (name, value) in places {
                let answer = try await app.send(
                    "POST", "/api/v1/alerts", body, headers: [(name: name, value: value)])
                #expect(answer.status == 200)
            }
            let query = try await app.send("POST", "/api/v1/alerts?key=\(TestApp.key)", body, headers: [])
            #expect(query.status == 200)
        }
    }

    @Test func `limits, methods and addresses answer as they should`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let large = #"{"title": ""# + String(repeating: "x", count: 1 << 20) + #""}"#
            #expect(try await app.send("POST", "/api/v1/alerts", large).status == 413)
            let wrong = try await app.send("DELETE", "/api/v1/alerts")
            #expect(wrong.status == 405)
            #expect(wrong.response.headers["allow"] == "GET, HEAD, POST, PUT")
            #expect(try await app.send("GET", "/api/v1/nothing").status == 404)
            #expect(try await app.send("GET", "/health").status == 200)
            #expect(try await app.send("GET", "/health/live").status == 200)
            #expect(try await app.send("GET", "/api/v1/incidents?state=open").status == 422)
            #expect(try await app.send("GET", "/api/v1/incidents?limit=201").status == 422)
            for duty in ["escalation", "dispatch"] {
                let duties = try await app.send("GET", "/api/v1/status").json["duties"]
                #expect(duties?[duty]?["is_ours"]?.text == "true")
            }
            #expect(try await app.send("GET", "/api/v1/incidents", headers: []).status == 401)
        }
    }

    @Test func `only allowed origins may make cross-origin requests`() async throws {
        let origins: (inout Settings) -> Void = { $0.allowedOrigins = ["https://ops.example.com"] }
        try await TestApp.run(.sqliteMemory, settings: origins) { app in
            func allowed(_ origin: String, _ method: String) async throws -> String? {
                let headers = [(name: "Origin", value: origin), (name: "Access-Control-Request-Method", value: "POST")]
                let answer = try await app.send(method, "/health", headers: headers)
                return answer.response.headers["access-control-allow-origin"]
            }
            var answers: [String?] = []
            for origin in ["https://ops.example.com", "https://evil.example.com"] {
                for method in ["OPTIONS", "GET"] { answers.append(try await allowed(origin, method)) }
            }
            #expect(answers == ["https://ops.example.com", "https://ops.example.com", nil, nil])
        }
    }

    @Test func `a read-only token changes nothing`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.alert(#"{"title": "x"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.assembly.store.save(
                .init(id: "reader", userID: "dana", name: "r", hash: sha256("pgp_reader"), hint: "pgp_", scope: .read),
                at: app.time.now)
            let headers = [(name: "Authorization", value: "Bearer pgp_reader")]
            #expect(try await app.send("GET", "/api/v1/incidents/1", headers: headers).status == 200)
            #expect(try await app.send("POST", "/api/v1/incidents/1/resolve", headers: headers).status == 403)
            #expect(try await app.state() == "triggered")
            try await app.act("resolve")
        }
    }
}
