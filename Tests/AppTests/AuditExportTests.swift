import Actors
import Database
import Domain
import Formats
import Foundation
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// The audit log as a file.
@Suite(.serialized)
struct AuditExportTests {
    /// The lines of an export.
    private static func lines(_ app: TestApp, _ path: String) async throws -> [String] {
        let answer = try await app.send("GET", path)
        #expect(answer.status == 200, "\(path)")
        return String(decoding: answer.response.body, as: UTF8.self).split(whereSeparator: \.isNewline).map {
            String($0)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `every record is in the file once, the newest first, over many pages`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            for number in 0..<450 {
                try await app.assembly.store.note(
                    "note \(number), \"quoted\"", about: .user("ada"), named: "=Ada", by: .system, at: app.time.now)
            }
            let lines = try await AuditExportTests.lines(app, "/api/v1/audit.jsonl?kind=user&id=ada&action=noted")
            let notes = try lines.map { try JSONParser.parse($0)["note"]?.text ?? "" }
            #expect(notes == (0..<450).reversed().map { "note \($0), \"quoted\"" })
            let csv = try await AuditExportTests.lines(app, "/api/v1/audit.csv?kind=user&id=ada&action=noted")
            #expect(csv.count == 451 && csv[0].hasPrefix("id,at,author,via,action,subject_kind,"))
            #expect(csv[1].contains("user,ada,'=Ada,,,\"note 449, \"\"quoted\"\"\""), "\(csv[1])")
        }
    }

    @Test func `the page's filters select, and the page links to the files with them`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            _ = try await app.send("PATCH", "/api/v1/users/bob", #"{"name": "Robert"}"#)
            try await app.assembly.store.note(
                "a note", about: .user("ada"), named: "Ada", by: .system, at: app.time.now)
            let all = try await AuditExportTests.lines(app, "/api/v1/audit.jsonl")
            let changed = try await AuditExportTests.lines(
                app, "/api/v1/audit.jsonl?kind=user&action=updated&user=dana")
            #expect(changed.count == 1 && all.count == 2 && changed[0].contains("Robert"))
            #expect(try await AuditExportTests.lines(app, "/api/v1/audit.jsonl?user=ada").isEmpty)
            #expect(try await app.send("GET", "/api/v1/audit.jsonl?kind=nothing").status == 422)
            #expect(
                try await app.send("GET", "/api/v1/audit?action=updated&user=dana").json["items"]?.array?.count == 1)
            let admin = try await Browser.signedIn(as: "dana", app)
            try await admin.visit("/audit?kind=user&action=updated")
            #expect(await admin.page.contains("/api/v1/audit.csv?kind=user&amp;action=updated"))
            #expect(try await admin.visit("/api/v1/audit.csv?kind=user&action=updated") == 200)
            #expect(await admin.headers["content-disposition"] == "attachment; filename=\"pagerpal-audit.csv\"")
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.filter { $0 == "the audit log was exported" }.count == 4)
            let ada = try await Browser.signedIn(as: "ada", app)
            #expect(try await ada.visit("/api/v1/audit.csv") == 403)
        }
    }
}
