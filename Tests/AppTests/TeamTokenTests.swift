import Actors
import Database
import Domain
import Formats
import HTTPTypes
import Providers
import Store
import TestSupport
import Testing
import Transport
import Web

@testable import App

/// Tokens that are bound to teams. Everything of the cast belongs to Operations.
@Suite(.serialized)
struct TeamTokenTests {
    private static func token(
        _ user: UserID, _ teams: Set<TeamID>, _ app: TestApp, scope: APIToken.Scope = .write
    ) async throws -> [(name: String, value: String)] {
        let text = "pgp_\(user)-\(teams.map(\.rawValue).sorted().joined())-\(scope)"
        try await app.assembly.store.save(
            APIToken(
                id: .init(text), userID: user, name: "test", hash: sha256(text), hint: "pgp_", scope: scope,
                teams: teams), at: app.time.now)
        return [(name: "Authorization", value: "Bearer \(text)")]
    }

    private static func routes(_ app: TestApp) -> [KnownPaths.Entry] {
        buildRoutes(app.assembly.services).paths.entries.filter { entry in
            let senders = [
                "/api/v1/alerts", "/api/v2/alerts", "/api/v1/receipts", "/api/v1/inbound", "/api/v1/webhooks",
            ]
            return entry.path.hasPrefix("/api/") && entry.access != .anyone
                && !senders.contains { entry.path.hasPrefix($0) }
        }
    }

    private static func run(_ body: @escaping @Sendable (TestApp) async throws -> Void) async throws {
        try await TestApp.run(.sqliteMemory, dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero)) { app in
            try await app.alert(#"{"title": "Secret title of Operations"}"#)
            _ = try await app.send(
                "POST", "/api/v1/heartbeats",
                #"{"name": "Secret job of Operations", "team": "Operations", "period_seconds": 60}"#)
            try await body(app)
        }
    }

    /// Words that only things of Operations contain.
    private static let foreign = [
        "Operations", "team-ops", "Primary", "Prometheus", "Standard", "Secret", "Ada", "Bob",
    ]

    @Test(.timeLimit(.minutes(30)))
    func `an administrator's token for another team sees and changes nothing of this one, over any route`() async throws
    {
        try await TeamTokenTests.run { app in
            let headers = try await TeamTokenTests.token("dana", ["team-other"], app)
            let before = app.assembly.configuration.current.version
            let routes = TeamTokenTests.routes(app)
            #expect(routes.count > 90)
            for entry in routes where !entry.path.contains("/events") {
                let (method, path) = (entry.method.rawValue, ExtremeInputTests.known(entry.path))
                let body = entry.method.isSafe ? nil : #"{"name": "Mine", "team_id": "team-ops", "text": "t"}"#
                let answer = try await app.send(method, path, body, headers: headers)
                #expect(answer.status < 500 && answer.status != 401, "\(method) \(path): \(answer.status)")
                if !entry.method.isSafe { #expect(answer.status >= 400, "\(method) \(path): \(answer.status)") }
                let text = String(decoding: answer.response.body, as: UTF8.self)
                guard entry.method.isSafe else { continue }
                for word in TeamTokenTests.foreign where answer.status == 200 {
                    #expect(!text.contains(word), "\(method) \(path) shows \(word)")
                }
            }
            #expect(app.assembly.configuration.current.version == before)
            #expect(try await app.state() == "triggered")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a token sees and changes what belongs to its teams, as far as its user may`(_ kind: TestDatabase) async throws
    {
        try await TestApp.run(
            kind, team: { $0.users[1].role = .manager }, dispatch: .init(isSendingEnabled: false, bundlingWindow: .zero)
        ) { app in
            try await app.alert(#"{"title": "Down"}"#)
            let ops = try await TeamTokenTests.token("dana", ["team-ops"], app)
            let both = try await TeamTokenTests.token("dana", ["team-ops", "team-other"], app)
            for path in ["incidents", "notifications", "schedules", "escalation-policies", "alert-sources", "oncall"] {
                let answer = try await app.send("GET", "/api/v1/\(path)", headers: ops)
                #expect(answer.json["items"]?.array?.isEmpty == false, "\(path): \(answer.json)")
            }
            let people = try await app.send("GET", "/api/v1/users", headers: ops).json["items"]?.array ?? []
            #expect(people.compactMap { $0["id"]?.text } == ["ada", "bob", "dana"], "the members, and its own user")
            #expect(try await app.send("GET", "/api/v1/teams", headers: both).json["items"]?.array?.count == 2)
            #expect(try await app.send("POST", "/api/v1/incidents/1/acknowledge", "{}", headers: ops).status == 200)
            let renamed = try await app.send("PATCH", "/api/v1/schedules/schedule", #"{"name": "New"}"#, headers: ops)
            #expect(renamed.status == 200, "\(renamed.json)")
            // What belongs to no team, and moving things out of the teams, is out of reach.
            for (method, path, body) in [
                ("PATCH", "/api/v1/schedules/schedule", #"{"team_id": "team-other"}"#),
                ("PATCH", "/api/v1/users/dana", #"{"name": "D"}"#), ("POST", "/api/v1/teams", #"{"name": "T"}"#),
                ("GET", "/api/v1/audit", nil), ("GET", "/api/v1/tokens", nil), ("GET", "/api/v1/status", nil),
            ] as [(String, String, String?)] {
                #expect(try await app.send(method, path, body, headers: ops).status == 403, "\(method) \(path)")
            }
            #expect(try await app.send("GET", "/api/v1/contact-methods", headers: ops).json["items"]?.array == [])
            let foreign = try await app.send(
                "POST", "/api/v1/incidents/1/hand-over", #"{"user": "cleo"}"#, headers: ops)
            #expect(foreign.status == 422, "Cleo is in another team")
            // The binding adds no rights: Bob manages Operations only.
            let bob = try await TeamTokenTests.token("bob", ["team-other"], app)
            let other = try await app.send("PATCH", "/api/v1/teams/team-other", #"{"name": "O"}"#, headers: bob)
            #expect(other.status == 403)
            #expect(
                try await app.send("PATCH", "/api/v1/teams/team-ops", #"{"name": "O"}"#, headers: bob).status == 404)
            let reading = try await TeamTokenTests.token("dana", ["team-ops"], app, scope: .read)
            #expect(try await app.send("POST", "/api/v1/incidents/1/resolve", "{}", headers: reading).status == 403)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a token stays bound when its team is deleted, and an earlier PagerPal does not find it`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let headers = try await TeamTokenTests.token("dana", ["team-other"], app)
            #expect(try await app.send("DELETE", "/api/v1/teams/team-other").status == 204)
            #expect(try await app.send("GET", "/api/v1/teams", headers: headers).json["items"]?.array == [])
            #expect(try await app.send("GET", "/api/v1/incidents", headers: headers).json["items"]?.array == [])
            let hash = sha256("pgp_dana-team-other-write")
            let rows = try await app.assembly.store.database.run("SELECT id FROM api_tokens WHERE hash = \(hash)").rows
            #expect(rows.isEmpty)
        }
    }

    @Test func `people bind their own tokens on their page`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile/security")
            try await browser.send(
                "/profile/tokens",
                ["token_name": "script", "scope": "read", "days": "90", "token_team": "team-other"])
            let text = try #require(await browser.page.firstMatch(of: /pgp_\w{20,}/)).0
            let token = try #require(try await app.assembly.store.token(hash: sha256(String(text)), at: app.time.now))
            #expect(token.teams == ["team-other"])
            #expect(
                try await browser.send("/profile/tokens", ["token_name": "x", "scope": "read", "token_team": "no"])
                    == 422)
        }
    }
}
