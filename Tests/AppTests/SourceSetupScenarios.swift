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
}
