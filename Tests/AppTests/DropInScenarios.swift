import Actors
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// PagerDuty's and Opsgenie's APIs, for clients whose only change is the URL.
@Suite struct DropInScenarios {
    func enqueue(
        _ app: TestApp, _ action: String, _ rest: String = "", key: String = TestApp.key, path: String = "/v2/enqueue"
    ) async throws -> (status: Int, json: JSON) {
        let body = #"{"routing_key": "\#(key)", "event_action": "\#(action)"\#(rest)}"#
        let answer = try await app.send("POST", path, body, headers: [])
        return (answer.status, answer.json)
    }

    static let summary =
        #", "dedup_key": "disk", "payload": {"summary": "Disk full", "source": "db", "severity": "error"}"#

    @Test(arguments: TestDatabase.available)
    func `PagerDuty's events trigger, acknowledge and resolve`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let first = try await enqueue(app, "trigger", DropInScenarios.summary)
            #expect(first.status == 202)
            #expect(first.json["status"]?.text == "success")
            #expect(first.json["message"]?.text == "Event processed")
            #expect(first.json["dedup_key"]?.text == "disk")
            try await app.expectPages(["email ada@example.com"])
            #expect(try await enqueue(app, "acknowledge", #", "dedup_key": "disk""#).status == 202)
            #expect(try await app.state() == "acknowledged")
            #expect(try await enqueue(app, "resolve", #", "dedup_key": "disk""#).status == 202)
            #expect(try await app.state() == "resolved")
            // An event that concerns no incident is accepted and changes nothing.
            #expect(try await enqueue(app, "resolve", #", "dedup_key": "none""#).status == 202)
            let made = try await enqueue(
                app, "trigger", #", "payload": {"summary": "x", "source": "y", "severity": "info"}"#)
            let key = made.json["dedup_key"]?.text ?? ""
            #expect(!key.isEmpty)
            try await app.takePages()
            #expect(try await enqueue(app, "resolve", #", "dedup_key": "\#(key)""#).status == 202)
            #expect(try await app.state(2) == "resolved")
            let change = try await app.send(
                "POST", "/v2/change/enqueue",
                #"{"routing_key": "\#(TestApp.key)", "payload": {"summary": "Deployed", "source": "ci"}}"#, headers: [])
            #expect(change.status == 202)
            #expect(change.json["message"]?.text == "Change event processed")
            #expect(try await app.send("GET", "/api/v1/incidents").json["items"]?.array?.count == 2)
        }
    }

    @Test func `refusals have PagerDuty's format`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let wrong = try await enqueue(app, "trigger", DropInScenarios.summary, key: "wrong")
            #expect(wrong.status == 400)
            #expect(wrong.json["status"]?.text == "invalid event")
            for (action, rest) in [("trigger", ""), ("maybe", DropInScenarios.summary), ("resolve", "")] {
                let answer = try await enqueue(app, action, rest)
                #expect(answer.status == 400, "\(action)")
                #expect(answer.json["errors"]?.array?.isEmpty == false)
            }
            #expect(try await app.send("POST", "/v2/enqueue", "{", headers: []).status == 400)
            #expect(try await app.send("GET", "/api/v1/status").json["refused_keys"]?.text == "2")
            let old = try await app.send(
                "POST", "/generic/2010-04-15/create_event.json",
                #"{"service_key": "\#(TestApp.key)", "event_type": "resolve", "incident_key": "k"}"#, headers: [])
            #expect(old.status == 200)
            #expect(old.json["incident_key"]?.text == "k")
        }
    }

    static let genie: [(name: String, value: String)] = [("Authorization", "GenieKey \(TestApp.key)")]

    @Test(arguments: TestDatabase.available)
    func `Opsgenie's requests create, note, acknowledge and close, by alias, id and number`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            func ask(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSON {
                let answer = try await app.send(method, "/v2/alerts\(path)", body, headers: DropInScenarios.genie)
                #expect(answer.status == (method == "GET" ? 200 : 202), "\(path): \(answer.json)")
                return answer.json
            }
            let created = try await ask("POST", "", #"{"message": "Disk full", "alias": "disk /1", "priority": "P1"}"#)
            #expect(created["result"]?.text == "Request will be processed")
            let request = created["requestId"]?.text ?? ""
            try await app.expectPages(["email ada@example.com"])
            let status = try await ask("GET", "/requests/\(request)")
            #expect(status["data"]?["isSuccess"]?.text == "true")
            #expect(status["data"]?["alias"]?.text == "disk /1")
            let id = status["data"]?["alertId"]?.text ?? ""
            _ = try await ask("POST", "/\(id)/notes", #"{"note": "Looking", "user": "Ada"}"#)
            _ = try await ask("POST", "/1/acknowledge?identifierType=tiny", "{}")
            #expect(try await app.state() == "acknowledged")
            let shown = try await ask("GET", "/disk%20%2F1?identifierType=alias")
            #expect(shown["data"]?["acknowledged"]?.text == "true")
            #expect(shown["data"]?["tinyId"]?.text == "1")
            _ = try await ask("PUT", "/disk%20%2F1/message?identifierType=alias", #"{"message": "Disk fuller"}"#)
            _ = try await ask("POST", "/disk%20%2F1/close?identifierType=alias")
            #expect(try await app.state() == "resolved")
            #expect(try await app.timeline().contains("Prometheus reported: Looking"))
            _ = try await ask("POST", "/none/close?identifierType=alias")
            _ = try await ask("POST", "", #"{"message": "Again", "alias": "again"}"#)
            _ = try await ask("DELETE", "/again?identifierType=alias")
            #expect(try await app.state(2) == "resolved")
            try await app.takePages()
        }
    }

    @Test func `refusals have Opsgenie's format, and no source sees another's alerts`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            var other = app.team.source
            other = AlertSource(id: "other", name: "Other", teamID: "team-ops", keyHash: sha256("other-key-0123"))
            try await app.assembly.store.change([.save(other)], at: app.time.now)
            try await app.assembly.configuration.reload()
            let wrong = try await app.send(
                "POST", "/v2/alerts", "{}", headers: [(name: "Authorization", value: "GenieKey wrong")])
            #expect(wrong.status == 401)
            #expect(wrong.json["message"]?.text == "Could not authenticate")
            let empty = try await app.send("POST", "/v2/alerts", "{}", headers: DropInScenarios.genie)
            #expect(empty.status == 422)
            #expect(empty.json["errors"]?["message"] != nil)
            let theirs = [(name: "Authorization", value: "GenieKey other-key-0123")]
            let made = try await app.send("POST", "/v2/alerts", #"{"message": "x", "alias": "a"}"#, headers: theirs)
            let id = made.json["requestId"]?.text ?? ""
            for path in ["requests/\(id)", id, "1?identifierType=tiny", "a?identifierType=alias"] {
                let answer = try await app.send("GET", "/v2/alerts/\(path)", headers: DropInScenarios.genie)
                #expect(answer.status == 404, "\(path)")
            }
            let close = try await app.send("POST", "/v2/alerts/\(id)/close", "{}", headers: DropInScenarios.genie)
            #expect(close.status == 202)
            #expect(try await app.state() == "triggered")
            try await app.takePages()
            try await app.act("resolve")
        }
    }
}
