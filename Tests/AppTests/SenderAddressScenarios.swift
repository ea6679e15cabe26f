import Domain
import Formats
import Providers
import TestSupport
import Testing

@testable import App

/// Senders that build their addresses themselves, and requests that are no JSON.
@Suite struct SenderAddressScenarios {
    private func open(_ app: TestApp) async throws -> [String] {
        let items = try await app.send("GET", "/api/v1/incidents").json["items"]?.array ?? []
        return items.filter { $0["state"]?.text != "resolved" }.compactMap { $0["title"]?.text }.sorted()
    }

    private static let key = TestApp.key

    static let places: [(path: String, headers: [(name: String, value: String)])] = [
        ("/api/v2/alerts", [("Authorization", "Bearer \(key)")]),
        ("/api/v1/alerts/alertmanager/api/v2/alerts", [("X-API-Key", key)]),
        ("/alertmanager/\(key)/api/v2/alerts", []),
    ]

    @Test(arguments: places.indices)
    func `Alertmanager's own API opens, updates and resolves`(place: Int) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let (path, headers) = Self.places[place]
            func send(_ ends: Duration) async throws -> Int {
                let now = app.time.now
                let body = """
                    [{"labels": {"alertname": "QueueFull", "instance": "mq1", "severity": "critical"},
                      "annotations": {"summary": "The queue of mq1 is full"},
                      "startsAt": "\((now - .minutes(5)).rfc3339)", "endsAt": "\((now + ends).rfc3339)"}]
                    """
                return try await app.send("POST", path, body, headers: headers).status
            }
            let first = try await send(.minutes(4))
            #expect(first == 200)
            #expect(try await send(.minutes(5)) == 200)
            #expect(try await open(app) == ["The queue of mq1 is full"])
            try await app.expectPages(["email ada@example.com"])
            #expect(try await send(.seconds(-5)) == 200)
            #expect(try await open(app).isEmpty)
            let wrong = path.replacing(Self.key, with: "wrong")
            #expect(
                try await app.send("POST", wrong, "[]", headers: [(name: "X-API-Key", value: "wrong")]).status == 401)
        }
    }

    @Test func `VictorOps' and Netdata's addresses are known`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let path = "/integrations/generic/20131114/alert/\(Self.key)/night"
            func victor(_ type: String) async throws -> Int {
                let body = #"{"message_type": "\#(type)", "entity_id": "job-9", "entity_display_name": "Job 9"}"#
                return try await app.send("POST", path, body, headers: []).status
            }
            let first = try await victor("CRITICAL")
            #expect(first == 200)
            #expect(try await open(app).count == 1)
            #expect(try await victor("RECOVERY") == 200)
            #expect(try await open(app).isEmpty)
            func netdata(_ status: String, _ host: String) async throws -> Int {
                let body = #"{"host": "\#(host)", "chart": "ram", "name": "ram_in_use", "status": "\#(status)"}"#
                let path = "/v1/json/integrations/webhooks/netdata?apiKey=\(Self.key)"
                return try await app.send("POST", path, body, headers: []).status
            }
            #expect(try await netdata("CRITICAL", "app4") == 200)
            #expect(try await netdata("CRITICAL", "app5") == 200)
            #expect(try await open(app).count == 2)
            #expect(try await netdata("CLEAR", "app4") == 200)
            #expect(try await open(app).count == 1)
            try await app.takePages()
        }
    }

    @Test func `an alert may come in a query, a form or as text, by GET, POST or PUT`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let path = "/api/v1/alerts"
            let first = try await app.send("GET", "\(path)?title=Query+of+app4").status
            #expect([200, 201].contains(first))
            #expect([200, 201].contains(try await app.send("PUT", path, #"{"title": "Put"}"#).status))
            #expect([200, 201].contains(try await app.send("POST", path, "Name=Form&Status=Down").status))
            #expect([200, 201].contains(try await app.send("POST", path, "Text of app4\n\nmore").status))
            #expect(try await open(app) == ["Form", "Put", "Query of app4", "Text of app4"])
            #expect(try await app.send("HEAD", path).status == 405)
            #expect(try await app.send("GET", "\(path)?title=x&key=wrong", headers: []).status == 401)
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an incident under a key of an earlier version is found and resolved`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let former = DedupKey(derivedFrom: ["Service down"]).rawValue
            try await app.alert(#"{"title": "Service down", "external_id": "\#(former)"}"#)
            try await app.alert(#"{"title": "Service down", "labels": {"instance": "web-1"}}"#)
            #expect(try await open(app).count == 1)
            try await app.alert(#"{"title": "Service down", "labels": {"instance": "web-1"}, "status": "resolved"}"#)
            #expect(try await open(app).isEmpty)
            try await app.alert(#"{"title": "Service down", "labels": {"instance": "web-1"}}"#)
            try await app.alert(#"{"title": "Service down", "labels": {"instance": "web-2"}}"#)
            #expect(try await open(app).count == 2)
            try await app.takePages()
        }
    }

    @Test func `Opsgenie's updates change the open alert`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let genie = [(name: "Authorization", value: "GenieKey \(Self.key)")]
            func send(_ method: String, _ path: String, _ body: String) async throws {
                #expect(try await app.send(method, path, body, headers: genie).status == 202, "\(path)")
            }
            try await send("POST", "/v2/alerts", #"{"message": "1 queue full", "alias": "q", "description": "mq1"}"#)
            try await send("PUT", "/v2/alerts/q/message?identifierType=alias", #"{"message": "2 queues full"}"#)
            try await send("PUT", "/v2/alerts/q/description?identifierType=alias", #"{"description": "mq1, mq2"}"#)
            #expect(try await open(app) == ["2 queues full"])
            #expect("\(try await app.send("GET", "/api/v1/incidents/1").json)".contains("mq1, mq2"))
            try await send("POST", "/v2/alerts/q/close?identifierType=alias", "{}")
            try await send("PUT", "/v2/alerts/q/message?identifierType=alias", #"{"message": "late"}"#)
            #expect(try await open(app).isEmpty)
            try await app.takePages()
        }
    }
}
