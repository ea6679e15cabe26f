import Actors
import Database
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// The management API over HTTP.
@Suite struct ManagementScenarios {
    @Test func `a change with If-Match overwrites nobody else's change`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let path = "/api/v1/teams/team-ops"
            func send(_ method: String, _ tag: String, _ body: String? = nil) async throws -> (Int, String?) {
                let headers = [("Authorization", "Bearer \(TestApp.token)"), ("If-Match", tag)]
                let answer = try await app.send(method, path, body, headers: headers)
                return (answer.status, answer.response.headers["etag"])
            }
            let first = try #require(try await app.send("GET", path).response.headers["etag"])
            let (status, second) = try await send("PATCH", first, #"{"name": "Operations two"}"#)
            #expect(status == 200)
            #expect(second != first)
            // The other editor still has the first version.
            #expect(try await send("PATCH", first, #"{"name": "Operations three"}"#) == (412, second))
            #expect(try await send("DELETE", first).0 == 412)
            #expect(try await send("PATCH", "*", #"{"name": "Operations"}"#) == (200, first))
            #expect(try await app.get("teams/team-ops")["name"]?.text == "Operations")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `every resource is created, read, updated and deleted`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let team = try await app.create("teams", #"{"name": "Night watch", "member_ids": ["ada", "bob"]}"#)
            let user = try await app.create(
                "users", #"{"name": "Cleo Two", "email": "cleo2@example.com", "role": "responder"}"#)
            let method = try await app.create(
                "contact-methods", #"{"user_id": "\#(user)", "channel": "sms", "address": "+385 91 555 0199"}"#)
            #expect(try await app.get("contact-methods/\(method)")["address"]?.text == "+385915550199")
            let schedule = try await app.create(
                "schedules",
                """
                {"name": "Nights", "team_id": "\(team)", "time_zone": "Europe/Zagreb", "layers": [{"name": "Nights",
                 "participants": ["ada", "bob", null], "rotation": {"unit": "day", "count": 1, "hand_off": "20:00"},
                 "start": "2026-01-01", "restrictions": [{"weekdays": [1,2,3,4,5], "from": "20:00", "to": "08:00"}]}]}
                """)
            let override = try await app.create(
                "overrides",
                """
                {"schedule_id": "\(schedule)", "type": "replace", "user_id": "ada", "with_user_id": "\(user)",
                 "from": "2026-03-05T00:00:00Z", "to": "2026-03-06T00:00:00Z"}
                """)
            let policy = try await app.create(
                "escalation-policies",
                """
                {"name": "Nights", "team_id": "\(team)", "steps": [{"delay_seconds": 300, "targets":
                 [{"type": "schedule", "id": "\(schedule)"}, {"type": "round_robin", "id": "\(team)"}]}],
                 "routes": [{"severities": ["info"], "labels": {"env": "test"}, "policy_id": "policy"}]}
                """)
            let source = try await app.send(
                "POST", "/api/v1/alert-sources",
                #"{"name": "Nagios", "team_id": "\#(team)", "policy_id": "\#(policy)"}"#)
            #expect(source.status == 201)
            let (id, key) = (try #require(source.json["id"]?.text), try #require(source.json["key"]?.text))
            #expect(try await app.get("alert-sources/\(id)")["key"] == nil)
            #expect(try await app.get("alert-sources/\(id)")["masked_api_key"]?.text?.hasPrefix(key.prefix(4)) == true)
            let fresh = try await app.send("POST", "/api/v1/alert-sources/\(id)/regenerate").json["key"]?.text
            #expect(fresh != nil && fresh != key)

            try await app.change("teams/\(team)", #"{"default_policy_id": "\#(policy)"}"#)
            try await app.change(
                "users/\(user)", #"{"quiet_hours": {"from": "22:00", "to": "07:00"}, "locale": "hr-HR"}"#)
            #expect(try await app.get("users/\(user)")["quiet_hours"]?["from"]?.text == "22:00")
            try await app.change("overrides/\(override)", #"{"to": "2026-03-07T00:00:00Z"}"#)
            try await app.change("schedules/\(schedule)", #"{"name": "All nights"}"#)
            #expect(try await app.get("schedules/\(schedule)")["overrides"]?.array?.count == 1)
            #expect(try await app.get("escalation-policies/\(policy)")["steps"]?.array?.count == 1)

            #expect(try await app.send("DELETE", "/api/v1/schedules/\(schedule)").status == 409)
            #expect(try await app.send("DELETE", "/api/v1/teams/\(team)").status == 409)
            for path in [
                "overrides/\(override)", "alert-sources/\(id)", "escalation-policies/\(policy)",
                "schedules/\(schedule)", "teams/\(team)", "contact-methods/\(method)", "users/\(user)",
            ] {
                let deleted = try await app.send("DELETE", "/api/v1/\(path)")
                #expect(deleted.status == 204, "\(path): \(deleted.json)")
                #expect(try await app.send("GET", "/api/v1/\(path)").status == 404)
            }
            // The audit log records an override as a change of its schedule.
            let audit = try await app.get("audit?limit=200")["items"]?.array ?? []
            #expect(audit.count { $0["action"]?.text == "created" } == 6)
            #expect(audit.count { $0["action"]?.text == "deleted" } == 6)
            #expect(!audit.contains { $0.description.contains(key) || $0.description.contains(sha256(key)) })
        }
    }

    @Test(arguments: [
        ("schedules", #"{"name": "S", "team_id": "team-ops", "time_zone": "Mars/Base", "layers": []}"#, "time_zone"),
        (
            "schedules",
            #"{"name": "S", "team_id": "team-ops", "layers": [{"participants": [], "start": "2026-01-01"}]}"#,
            "layers[0].participants"
        ),
        (
            "escalation-policies",
            #"{"name": "P", "team_id": "team-ops", "steps": [{"delay_seconds": 0, "targets": [{"type": "user", "id": "ada"}]}]}"#,
            "steps[0].delay_seconds"
        ),
        (
            "escalation-policies",
            #"{"name": "P", "team_id": "team-ops", "steps": [{"delay_seconds": 2592001, "targets": [{"type": "user", "id": "ada"}]}]}"#,
            "steps[0].delay_seconds"
        ),
        (
            "escalation-policies",
            #"{"name": "P", "team_id": "team-ops", "steps": [{"targets": [{"type": "schedule", "id": "gone"}]}]}"#,
            "steps[0].targets[0].id"
        ),
        ("escalation-policies", #"{"name": "P", "team_id": "gone", "steps": []}"#, "steps"),
        ("teams", #"{"name": "T", "colour": "red"}"#, "colour"),
        ("teams", #"{}"#, "name"),
        ("users", #"{"name": "U", "email": "nonsense"}"#, "email"),
        ("users", #"{"name": "U", "email": "u@example.com", "role": "king"}"#, "role"),
        ("alert-sources", #"{"name": "S", "team_id": "team-ops", "kind": "carrier-pigeon"}"#, "kind"),
        ("alert-sources", #"{"name": "S", "team_id": "team-ops", "options": {"topics": "x"}}"#, "options.topics"),
        (
            "overrides",
            #"{"schedule_id": "schedule", "type": "add", "user_id": "bob", "from": "2026-03-06T00:00:00Z", "to": "yesterday"}"#,
            "to"
        ),
    ])
    func `bad input is a 422 that names the field, and nothing is partly applied`(
        path: String, body: String, field: String
    ) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let version = app.assembly.configuration.current.version
            let answer = try await app.send("POST", "/api/v1/\(path)", body)
            #expect(answer.status == 422)
            #expect(answer.json["errors"]?.array?.contains { $0["field"]?.text == field } == true, "\(answer.json)")
            #expect(app.assembly.configuration.current.version == version)
        }
    }

    @Test func `roles have the same rights in the API as on the pages`() async throws {
        let cast: (inout TestTeam) -> Void = { team in
            team.users[1].role = .manager
            team.users[2].role = .viewer
        }
        try await TestApp.run(.sqliteMemory, team: cast) { app in
            let schedule = #"{"name": "S", "team_id": "team-ops", "layers": []}"#
            let elsewhere = #"{"name": "S2", "team_id": "team-other", "layers": []}"#
            let override =
                #"{"schedule_id": "schedule", "type": "add", "user_id": "bob", "from": "2026-03-06T00:00:00Z", "to": "2026-03-07T00:00:00Z"}"#
            // The callers: viewer Cleo, responder Ada, manager Bob, administrator Dana.
            let table: [(method: String, path: String, body: String, statuses: [String: Int])] = [
                ("GET", "teams", "", ["cleo": 200, "ada": 200, "bob": 200, "dana": 200]),
                ("POST", "schedules", schedule, ["cleo": 403, "ada": 403, "bob": 201, "dana": 422]),
                ("POST", "schedules", elsewhere, ["cleo": 403, "ada": 403, "bob": 403, "dana": 201]),
                ("POST", "overrides", override, ["cleo": 403, "ada": 201, "bob": 201, "dana": 201]),
                ("POST", "teams", #"{"name": "T"}"#, ["cleo": 403, "ada": 403, "bob": 403, "dana": 201]),
                ("PATCH", "users/ada", #"{"time_zone": "UTC"}"#, ["cleo": 403, "ada": 200, "bob": 403, "dana": 200]),
                ("PATCH", "users/ada", #"{"role": "admin"}"#, ["cleo": 403, "ada": 403, "bob": 403, "dana": 200]),
                ("GET", "contact-methods/mail-bob", "", ["cleo": 404, "bob": 200, "dana": 200]),
                ("GET", "audit", "", ["cleo": 403, "bob": 403, "dana": 200]),
                ("POST", "incidents/1/acknowledge", "", ["cleo": 403, "bob": 404, "dana": 404]),
            ]
            for (user, role) in [("cleo", "viewer"), ("ada", "responder"), ("bob", "manager"), ("dana", "admin")] {
                let token = "pgp_\(user)"
                try await app.assembly.store.save(
                    APIToken(
                        id: APITokenID(user), userID: UserID(user), name: role, hash: sha256(token), hint: "pgp_",
                        scope: .write), at: app.time.now)
                for row in table {
                    guard let expected = row.statuses[user] else { continue }
                    let answer = try await app.send(
                        row.method, "/api/v1/\(row.path)", row.body.isEmpty ? nil : row.body,
                        headers: [("Authorization", "Bearer \(token)")])
                    #expect(answer.status == expected, "\(role) \(row.method) \(row.path): \(answer.json)")
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a contact method is verified by the code sent to it, within a few tries`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let id = try await app.create(
                "contact-methods", #"{"user_id": "ada", "channel": "sms", "address": "+385915550101"}"#)
            try await app.alert(#"{"title": "Before"}"#)
            try await app.expectPages(["email ada@example.com"])
            let path = "/api/v1/contact-methods/\(id)"
            #expect(try await app.send("POST", "\(path)/verify", #"{"code": "123456"}"#).status == 422)
            #expect(try await app.send("POST", "\(path)/send-code").status == 202)
            #expect(try await app.send("POST", "\(path)/send-code").status == 429)
            try await app.expectPages(["sms +385915550101"])
            for _ in 0..<5 {
                #expect(try await app.send("POST", "\(path)/verify", #"{"code": "wrong"}"#).status == 422)
            }
            let first = try #require(
                await app.outbox.messages.last?.text.firstMatch(of: /[0-9]{6}/).map { String($0.0) })
            #expect(try await app.send("POST", "\(path)/verify", #"{"code": "\#(first)"}"#).status == 422)
            app.time.advance(by: .minutes(1))
            #expect(try await app.send("POST", "\(path)/send-code").status == 202)
            try await app.expectPages(["sms +385915550101"])
            let code = try #require(
                await app.outbox.messages.last?.text.firstMatch(of: /[0-9]{6}/).map { String($0.0) })
            app.time.advance(by: .minutes(14))
            try await app.settle()
            try await app.act("resolve")
            let verified = try await app.send("POST", "\(path)/verify", #"{"code": " \#(code) "}"#)
            #expect(verified.status == 200 && verified.json["verified_at"]?.text != nil, "\(verified.json)")
            try await app.expectPages(["email bob@example.com"])
            try await app.alert(#"{"title": "After"}"#)
            try await app.expectPages(["email ada@example.com", "sms +385915550101"])
            #expect(try await app.send("POST", "\(path)/test").status == 202)
            try await app.expectPages(["sms +385915550101"])
            #expect(try await app.get("contact-methods/\(id)")["last_delivery"]?["state"]?.text == "sent")
        }
    }
}

extension TestApp {
    /// Creates an object through the API and returns its id.
    func create(_ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let answer = try await send("POST", "/api/v1/\(path)", body)
        #expect(answer.status == 201, "\(answer.json)", sourceLocation: sourceLocation)
        return try #require(answer.json["id"]?.text, sourceLocation: sourceLocation)
    }

    func change(_ path: String, _ body: String, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let answer = try await send("PATCH", "/api/v1/\(path)", body)
        #expect(answer.status == 200, "\(answer.json)", sourceLocation: sourceLocation)
    }

    func get(_ path: String) async throws -> JSON { try await send("GET", "/api/v1/\(path)").json }
}
