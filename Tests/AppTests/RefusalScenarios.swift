import Formats
import TestSupport
import Testing

@testable import App

/// Errors of a sender are reported to the sender at once.
@Suite struct RefusalScenarios {
    @Test func `a body compressed several times is not read`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let encodings = Array(repeating: "gzip", count: 3).joined(separator: ", ")
            let answer = try await app.send(
                "POST", "/api/v1/alerts", #"{"title": "Disk full"}"#,
                headers: [("X-API-Key", TestApp.key), ("Content-Encoding", encodings)])
            #expect(answer.status == 415)
            #expect(answer.json["detail"]?.text?.contains("Compress the body once") == true)
        }
    }

    @Test func `text that no database can store causes no outage`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let answer = try await app.send("GET", "/api/v1/incidents?q=%00")
            #expect(answer.status == 400)
        }
    }
}
