import Actors
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// The operator's own words: from the API to the messages.
@Suite struct MessageTemplateScenarios {
    private static let path = "/api/v1/message-templates"

    private static let withNumber: @Sendable (inout TestTeam) -> Void = { team in
        team.tellNobody()
        team.users[0].locale = "de"
        team.methods[0] = ContactMethod(
            id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: TestTeam.start)
    }

    private func lastText(_ app: TestApp) async throws -> String {
        try await app.settle()
        try await app.takePages()
        return try #require(await app.outbox.messages.last).shortText
    }

    @Test(arguments: TestDatabase.kinds)
    func `a template is used by the next page, and deleting it brings PagerPal's words back`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind, team: Self.withNumber) { app in
            try await app.alert(#"{"title": "Disk 1", "labels": {"host": "db-1"}}"#)
            #expect(try await lastText(app).hasPrefix("#1 KRITISCH: Disk 1\nÜbernehmen: http"))
            let id = try await app.create(
                "message-templates", #"{"use": "text", "language": "de", "text": "{labels.host} {link} {title}"}"#)
            let url = try #require(await app.outbox.messages.last?.url)
            try await app.alert(#"{"title": "Disk 2", "labels": {"host": "db-2"}}"#)
            #expect(try await lastText(app) != "")
            let second = try #require(await app.outbox.messages.last)
            #expect(second.shortText == "db-2 \(second.url ?? "") Disk 2")
            #expect(second.url != url)
            try await app.change("message-templates/\(id)", #"{"language": "fr"}"#)
            try await app.alert(#"{"title": "Disk 3"}"#)
            #expect(try await lastText(app).hasPrefix("#3 KRITISCH: Disk 3\n"))
            try await app.change("message-templates/\(id)", #"{"language": "all", "text": "All: {title}"}"#)
            try await app.alert(#"{"title": "Disk 4"}"#)
            #expect(try await lastText(app).hasPrefix("All: Disk 4\nÜbernehmen: http"))
            #expect(try await app.send("DELETE", "\(Self.path)/\(id)").status == 204)
            try await app.alert(#"{"title": "Disk 5"}"#)
            #expect(try await lastText(app).hasPrefix("#5 KRITISCH: Disk 5\n"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `another process uses a template after it hears of the change`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: Self.withNumber) { app in
            let template = MessageTemplate(id: "other", use: .text, text: "Other: {title}")
            let store = app.assembly.store
            // As another process does: into the database, past this one's memory.
            try await store.change([.save(template)], on: try await store.configuration(), at: app.time.now)
            try await app.assembly.configuration.reload()
            try await app.alert(#"{"title": "Disk"}"#)
            #expect(try await lastText(app).hasPrefix("Other: Disk\n"))
        }
    }

    @Test func `bundles and stand-downs keep PagerPal's words`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                Self.withNumber(&team)
                team.users[0].standDown = .all
            }
        ) { app in
            _ = try await app.create("message-templates", #"{"use": "text", "text": "Own: {title}"}"#)
            _ = try await app.send(
                "POST", "/api/v1/alerts", #"[{"title": "One"}, {"title": "Two"}]"#)
            #expect(try await lastText(app).hasPrefix("2 offene Vorfälle: "))
            try await app.act("resolve")
            try await app.act("resolve", on: 2)
            #expect(try await !lastText(app).contains("Own"))
        }
    }

    @Test func `the API says what is wrong with a template`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            _ = try await app.create("message-templates", #"{"use": "text", "language": "hr", "text": "{title}"}"#)
            let table: [(body: String, field: String, words: String)] = [
                (#"{"text": "x"}"#, "use", "missing"), (#"{"use": "text"}"#, "text", "missing"),
                (#"{"use": "fax", "text": "x"}"#, "use", "text, voice, title, opening"),
                (#"{"use": "text", "language": "ja", "text": "x"}"#, "language", "all, en, de, hr, es, fr"),
                (#"{"use": "text", "language": "hr", "text": "x"}"#, "language", "Text message, Croatian"),
                (#"{"use": "text", "text": "{host}"}"#, "text", "{labels.NAME}"),
                (#"{"use": "text", "text": "{title"}"#, "text", "not closed"),
                (#"{"use": "voice", "text": "{link}"}"#, "text", "besides"),
                (#"{"use": "voice", "text": "{title} {link}"}"#, "text", "read aloud"),
                (#"{"use": "voice", "language": "de", "text": "{title}"}"#, "", ""),
                (#"{"use": "title", "text": "{title}\n"}"#, "", ""),
            ]
            for row in table {
                let answer = try await app.send("POST", Self.path, row.body)
                guard !row.field.isEmpty else {
                    #expect(answer.status == 201)
                    continue
                }
                #expect(answer.status == 422, "\(row.body)")
                let faults = answer.json["errors"]?.array ?? []
                let found = faults.first { $0["field"]?.text == row.field }?["explanation"]?.text
                #expect(found?.contains(row.words) == true, "\(row.body): \(answer.json)")
            }
        }
    }

    @Test func `a preview shows the message, its length and what leaves GSM 7-bit, and stores nothing`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let body = #"{"use": "text", "language": "de", "text": "Žuri! {severity} {title} {labels.rack}"}"#
            let answer = try await app.send("POST", "\(Self.path)/preview", body)
            #expect(answer.status == 200, "\(answer.json)")
            let message = answer.json["messages"]?.array?.first
            let text = message?["text"]?.text ?? ""
            #expect(text.hasPrefix("Žuri! kritisch Disk almost full on db-1 \nÜbernehmen: http"))
            #expect(message?["usual_text"]?.text?.hasPrefix("#42 KRITISCH: Disk almost full on db-1\n") == true)
            #expect(message?["characters"]?.integer == text.utf16.count)
            #expect(message?["encoding"]?.text == "UCS-2")
            #expect(message?["parts"]?.integer == 2)
            #expect(message?["letters_outside_gsm"]?.array?.map(\.text) == ["Ž"])
            #expect(answer.json["missing_labels"]?.array?.map(\.text) == ["rack"])
            let opening = try await app.send(
                "POST", "\(Self.path)/preview", #"{"use": "opening", "text": "Call Bob, {labels.env}"}"#)
            let samples = opening.json["messages"]?.array ?? []
            #expect(samples.map { $0["channel"]?.text } == ["email", "ntfy"])
            for sample in samples { #expect(sample["text"]?.text?.hasPrefix("Call Bob, production\n\n") == true) }
            #expect(samples.allSatisfy { $0["parts"] == nil })
            #expect(try await app.send("POST", "\(Self.path)/preview", #"{"use": "text", "text": "{"}"#).status == 422)
            #expect(try await app.get("message-templates")["items"]?.array?.isEmpty == true)
        }
    }

    @Test func `everybody reads templates, and administrators change and preview them`() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[1].role = .manager }) { app in
            let id = try await app.create("message-templates", #"{"use": "text", "text": "{title}"}"#)
            try await app.assembly.store.save(
                APIToken(
                    id: "bob", userID: "bob", name: "manager", hash: sha256("pgp_bob"), hint: "pgp_", scope: .write),
                at: app.time.now)
            let table = [
                ("GET", "", "", 200), ("GET", "/\(id)", "", 200), ("GET", "/1", "", 200),
                ("POST", "", #"{"use": "title", "text": "{title}"}"#, 403),
                ("POST", "/preview", #"{"use": "title", "text": "{title}"}"#, 403),
                ("PATCH", "/\(id)", #"{"text": "x"}"#, 403), ("DELETE", "/\(id)", "", 403),
            ]
            for (method, path, body, status) in table {
                let answer = try await app.send(
                    method, Self.path + path, body.isEmpty ? nil : body, headers: [("Authorization", "Bearer pgp_bob")])
                #expect(answer.status == status, "\(method) \(path): \(answer.json)")
            }
        }
    }
}
