import Actors
import Database
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// Requests to the management API that are sent again, and those that are too many.
@Suite struct IdempotencyScenarios {
    private func post(
        _ app: TestApp, _ name: String, key: String, token: String = TestApp.token, path: String = "/api/v1/teams"
    ) async throws -> (status: Int, id: String?, isReplayed: Bool) {
        let headers = [(name: "Authorization", value: "Bearer \(token)"), (name: "Idempotency-Key", value: key)]
        let answer = try await app.send("POST", path, #"{"name": "\#(name)"}"#, headers: headers)
        return (answer.status, answer.json["id"]?.text, answer.response.headers["idempotency-replayed"] == "true")
    }

    private func names(_ app: TestApp) -> [String] {
        app.assembly.configuration.current.teams.values.map(\.name).filter { $0.hasPrefix("T") }.sorted()
    }

    @Test(arguments: TestDatabase.available)
    func `a repeated request is answered as before and not done again`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let first = try await post(app, "T1", key: "\"one\"")
            #expect(first.status == 201 && !first.isReplayed)
            let again = try await post(app, "T1", key: "one")
            #expect(again.status == 201 && again.id == first.id && again.isReplayed)
            #expect(try await post(app, "T2", key: "one").status == 422)
            #expect(try await post(app, "T3", key: String(repeating: "k", count: 256)).status == 400)
            // A refusal is an answer as well.
            #expect(try await post(app, "T1", key: "two").status == 422)
            #expect(try await post(app, "T1", key: "two").isReplayed)
            #expect(names(app) == ["T1"])
            app.time.advance(by: .hours(25))
            #expect(try await post(app, "T4", key: "one").status == 201)
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `keys of other tokens are other keys, and answers are not stored in clear`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.assembly.store.save(
                APIToken(
                    id: "other", userID: "dana", name: "other", hash: sha256("pgp_other"), hint: "pgp_", scope: .write),
                at: app.time.now)
            #expect(try await post(app, "T1", key: "one").status == 201)
            #expect(try await post(app, "T2", key: "one", token: "pgp_other").status == 201)
            let headers = [
                (name: "Authorization", value: "Bearer \(TestApp.token)"), (name: "Idempotency-Key", value: "source"),
            ]
            let body = #"{"name": "Shop", "team": "Operations"}"#
            let made = try await app.send("POST", "/api/v1/alert-sources", body, headers: headers).json["key"]?.text
            let again = try await app.send("POST", "/api/v1/alert-sources", body, headers: headers).json["key"]?.text
            #expect(made != nil && made == again)
            let rows = try await app.assembly.store.database.run("SELECT answer FROM idempotency_keys").rows
            for row in rows { #expect(try !row.get("answer", as: String.self).contains(made ?? "")) }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a request in work is answered by 409, and one that was lost may be sent again`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let store = app.assembly.store
            #expect(try await post(app, "T1", key: "one").status == 201)
            try await store.database.run("UPDATE idempotency_keys SET status = NULL, answer = NULL")
            #expect(try await post(app, "T1", key: "one").status == 409)
            app.time.advance(by: Store.idempotencyPatience)
            // The team is there already, so the request is now refused, and not taken for one in work.
            #expect(try await post(app, "T1", key: "one").status == 422)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `of many claims at once one is the first`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let (store, now) = (app.assembly.store, app.time.now)
            let claims = try await withThrowingTaskGroup(of: IdempotencyClaim.self) { group in
                for _ in 0..<16 {
                    group.addTask { try await store.claimIdempotency(owner: "o", name: "n", request: "r", at: now) }
                }
                return try await group.reduce(into: [IdempotencyClaim]()) { $0.append($1) }
            }
            #expect(claims.filter { $0 == .first }.count == 1)
            #expect(claims.filter { $0 == .busy }.count == 15)
        }
    }

    @Test func `answers say where a token stands, and too many requests are refused for a while`() async throws {
        try await TestApp.run(.sqliteMemory, settings: { $0.requestsPerMinute = 3 }) { app in
            func get(_ path: String = "/api/v1/teams") async throws -> (Int, String?, String?) {
                let answer = try await app.send("GET", path)
                return (answer.status, answer.response.headers["ratelimit"], answer.response.headers["retry-after"])
            }
            let first = try await get()
            #expect(first.0 == 200 && first.1 == #""token";r=2;t=60"#)
            #expect(try await get("/api/v1/teams/none").1 == #""token";r=1;t=60"#)
            _ = try await get()
            app.time.advance(by: .seconds(20))
            let over = try await get()
            #expect(over.0 == 429 && over.2 == "40")
            for number in 0..<10 { try await app.alert(#"{"title": "Alert \#(number)", "severity": "info"}"#) }
            app.time.advance(by: .seconds(40))
            #expect(try await get().0 == 200)
            try await app.takePages()
        }
    }
}
