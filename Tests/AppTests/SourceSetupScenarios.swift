import Actors
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite struct SourceSetupScenarios {
    @Test(arguments: Integrations.all.map { $0.kind })
    func `a new source says how its sender is set up, with its real address, and its key once`(kind: String)
        async throws
    {
        try await TestApp.run(.sqliteMemory, settings: { $0.baseURL = "https://pager.example.com" }) { app in
            let body = #"{"name": "New", "team_id": "team-ops", "kind": "\#(kind)"}"#
            let made = try await app.send("POST", "/api/v1/alert-sources", body)
            #expect(made.status == 201, "\(made.json)")
            let key = try #require(made.json["key"]?.text)
            let setup = try #require(made.json["setup"]?.array)
            let code = setup.compactMap { $0["code"]?.text }.joined(separator: "\n")
            #expect(!setup.isEmpty && setup.allSatisfy { $0["text"]?.text?.isEmpty == false })
            #expect(code.contains("https://pager.example.com"), "\(kind): \(code)")
            #expect(code.contains(key), "\(kind): \(code)")
            let id = made.json["id"]?.text ?? ""
            let later = try await app.send("GET", "/api/v1/alert-sources/\(id)")
            #expect(later.json["setup"]?.array?.count == setup.count)
            #expect(!String(decoding: later.response.body, as: UTF8.self).contains(key))
        }
    }

    @Test(arguments: [
        (#""kind": "cloudwatch""#, "true"), (#""kind": "cloudwatch", "options": {"title": "T"}"#, "true"),
        (#""kind": "cloudwatch", "options": {"require_signature": false}"#, "false"), (#""kind": "grafana""#, nil),
    ])
    func `a new source of AWS takes signed messages only, unless it is told otherwise`(
        _ body: String, _ expected: String?
    ) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let made = try await app.send(
                "POST", "/api/v1/alert-sources", #"{"name": "A", "team": "Operations", \#(body)}"#)
            #expect(made.status == 201, "\(made.json)")
            #expect(made.json["options"]?["require_signature"]?.text == expected)
            let key = made.json["key"]?.text ?? ""
            let raw = try await app.send(
                "POST", "/api/v1/alerts/cloudwatch", "Something happened", headers: [(name: "X-API-Key", value: key)])
            #expect(raw.status == (expected == "true" ? 403 : 201), "\(raw.json)")
            try await app.takePages()
        }
    }

    @Test func `the protection of a source of AWS ends only by name`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let made = try await app.send(
                "POST", "/api/v1/alert-sources", #"{"name": "A", "team": "Operations", "kind": "cloudwatch"}"#)
            let path = "/api/v1/alert-sources/\(made.json["id"]?.text ?? "")"
            let key = [(name: "X-API-Key", value: made.json["key"]?.text ?? "")]
            for (change, expected, status) in [
                (#"{"options": {"title": "T"}}"#, "true", 403), (#"{"kind": "generic"}"#, nil, 201),
                (#"{"kind": "cloudwatch"}"#, "true", 403),
                (#"{"options": {"require_signature": false}}"#, "false", 201),
                (#"{"options": {}}"#, "false", 201),
            ] as [(String, String?, Int)] {
                let changed = try await app.send("PATCH", path, change)
                #expect(changed.status == 200, "\(changed.json)")
                #expect(changed.json["options"]?["require_signature"]?.text == expected, "\(change)")
                let raw = try await app.send("POST", "/api/v1/alerts", #"{"title": "Happened"}"#, headers: key)
                #expect(raw.status == status || (status == 201 && raw.status == 200), "\(change) \(raw.json)")
            }
            try await app.takePages()
        }
    }
}
