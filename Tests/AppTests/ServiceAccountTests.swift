import Actors
import Database
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing
import Transport
import Web

@testable import App

/// Service accounts: programs with API tokens, which never sign in and are never paged.
@Suite(.serialized)
struct ServiceAccountTests {
    /// Creates a service account and returns its id.
    private static func create(_ app: TestApp, role: String = "responder") async throws -> UserID {
        let made = try await app.send(
            "POST", "/api/v1/users", #"{"name": "Deploy", "is_service": true, "role": "\#(role)"}"#)
        #expect(made.status == 201, "\(made.json)")
        return UserID(try #require(made.json["id"]?.text))
    }

    @Test(arguments: TestDatabase.kinds)
    func `a service account has tokens that administrators make, and nothing else`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let id = try await ServiceAccountTests.create(app)
            let shown = try await app.send("GET", "/api/v1/users/\(id)").json
            #expect(shown["is_service"]?.boolean == true && shown["email"]?.text == "\(id)@service.invalid")
            let made = try await app.send(
                "POST", "/api/v1/users/\(id)/tokens", #"{"name": "CI", "scope": "write", "days": 30}"#)
            #expect(made.status == 201, "\(made.json)")
            let token = try #require(made.json["token"]?.text)
            #expect(token.hasPrefix("pgp_") && made.json["scope"]?.text == "write")
            let headers = [(name: "Authorization", value: "Bearer \(token)")]
            #expect(try await app.send("GET", "/api/v1/teams", headers: headers).status == 200)
            #expect(try await app.send("POST", "/api/v1/teams", #"{"name": "X"}"#, headers: headers).status == 403)
            let listed = try await app.send("GET", "/api/v1/tokens?user=\(id)").json["items"]?.array ?? []
            #expect(listed.count == 1 && listed[0]["token"] == nil)
            // Nobody makes tokens for people, and only administrators make these.
            let ofAda = try await app.send("POST", "/api/v1/users/ada/tokens", #"{"name": "CI"}"#)
            #expect(ofAda.status == 403)
            let own = try await app.send("POST", "/api/v1/users/\(id)/tokens", #"{"name": "x"}"#, headers: headers)
            #expect(own.status == 403)
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.contains("the API token “CI” (write) was created"))
        }
    }

    @Test(arguments: [
        (#"{"name": ""}"#, "name"), (#"{"name": "x", "days": 0}"#, "days"), (#"{"name": "x", "days": 4000}"#, "days"),
        (#"{"name": "x", "scope": "all"}"#, "scope"), (#"{"name": "x", "teams": []}"#, "teams"),
        (#"{"name": "x", "teams": ["Nowhere"]}"#, "teams"), (#"{"name": "x", "teams": "Other"}"#, "teams"),
        (#"{"name": "x", "user": "ada"}"#, "user"),
    ])
    func `a token that makes no sense is refused`(_ body: String, _ field: String) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let id = try await ServiceAccountTests.create(app)
            let answer = try await app.send("POST", "/api/v1/users/\(id)/tokens", body)
            #expect(
                answer.status == 422 && answer.json["errors"]?.array?.first?["field"]?.text == field, "\(answer.json)")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `it can be put where people are paged nowhere, and does not sign in`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let id = try await ServiceAccountTests.create(app, role: "admin")
            let layer =
                #"{"name": "L", "participants": ["\#(id)"], "rotation": {"unit": "week"}, "start": "2026-03-01"}"#
            let refused = [
                (
                    "POST", "/api/v1/contact-methods",
                    #"{"user_id": "\#(id)", "channel": "email", "address": "a@example.com"}"#
                ),
                ("PATCH", "/api/v1/schedules/schedule", #"{"layers": [\#(layer)]}"#),
                (
                    "PATCH", "/api/v1/escalation-policies/policy",
                    #"{"steps": [{"targets": [{"type": "user", "id": "\#(id)"}], "delay_seconds": 300}]}"#
                ),
                (
                    "POST", "/api/v1/overrides",
                    #"{"schedule_id": "schedule", "type": "only", "user_id": "\#(id)", "from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}"#
                ),
                ("PATCH", "/api/v1/users/\(id)", #"{"is_service": false}"#),
                ("PATCH", "/api/v1/users/ada", #"{"is_service": true}"#),
            ]
            for (method, path, body) in refused {
                let answer = try await app.send(method, path, body)
                #expect(answer.status == 422 && "\(answer.json)".contains("service account"), "\(path): \(answer.json)")
            }
            let configuration = app.assembly.configuration.current
            #expect(!configuration.isPresent(id) && configuration.administrators == ["dana"])
            let admin = try await Browser.signedIn(as: "dana", app)
            #expect(try await admin.send("/users/\(id)/password", ["password": "a long horse battery"]) == 422)
            try await admin.visit("/users/\(id)")
            try await admin.send("/users/\(id)/invitation", [:])
            #expect(try await app.assembly.store.usersWithPassword() == ["dana"])
            // A team of which it is a member pages the others.
            _ = try await app.send("PATCH", "/api/v1/teams/team-other", #"{"member_ids": ["\#(id)", "cleo"]}"#)
            _ = try await app.send(
                "PATCH", "/api/v1/escalation-policies/policy",
                #"{"steps": [{"targets": [{"type": "round_robin", "id": "team-other"}], "delay_seconds": 300}]}"#)
            try await app.takePages()
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email cleo@example.com"])
        }
    }

    @Test func `administrators create one and its tokens on the pages`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let admin = try await Browser.signedIn(as: "dana", app)
            try await admin.visit("/users/services/new")
            #expect(try await admin.send("/users/services", ["name": "", "role": "viewer"]) == 422)
            try await admin.send("/users/services", ["name": "Deploy", "role": "manager", "team": "team-ops"])
            let users = app.assembly.configuration.current.users.values
            let user = try #require(users.first { $0.isService })
            #expect(await admin.path == "/users/\(user.id)")
            #expect(app.assembly.configuration.current.teams["team-ops"]?.memberIDs.contains(user.id) == true)
            let page = await admin.page
            #expect(page.contains("never: a service account") && !page.contains("/password"))
            #expect(try await admin.send("/users/\(user.id)/tokens", ["token_name": ""]) == 422)
            try await admin.send(
                "/users/\(user.id)/tokens",
                ["token_name": "CI", "scope": "incidents", "days": "", "token_team": "team-ops"])
            let text = try #require(await admin.page.firstMatch(of: /pgp_\w{20,}/)).0
            let headers = [(name: "Authorization", value: "Bearer \(text)")]
            #expect(try await app.send("GET", "/api/v1/teams", headers: headers).json["items"]?.array?.count == 1)
            #expect(await admin.page.contains("only Operations"))
            try await admin.visit("/users/\(user.id)")
            #expect(await !admin.page.contains(text), "shown once")
            try await admin.visit("/users")
            #expect(await admin.page.contains("no, a service account"))
        }
    }
}
