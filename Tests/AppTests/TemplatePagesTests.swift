import Actors
import Domain
import Formats
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct TemplatePagesTests {
    private func templates(_ app: TestApp) -> [MessageTemplate] {
        app.assembly.configuration.current.messageTemplates.values.sorted { $0.name < $1.name }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an administrator writes, changes and deletes a template`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/message-templates")
            #expect(await dana.page.contains("Everybody: PagerPal’s own words"))
            #expect(await dana.page.contains(#"href="/message-templates/new?use=voice""#))
            try await dana.visit("/message-templates/new?use=text")
            #expect(await dana.page.contains("#{number} {SEVERITY}: {title}</textarea>"))
            #expect(await dana.page.contains("#42 CRITICAL: Disk almost full on db-1\nAck: http"))
            try await dana.send(
                "/message-templates",
                ["use": "text", "language": "de", "text": "<{labels.host}> {title}\r\n{link}", "do": "save"])
            #expect(await dana.path == "/message-templates")
            #expect(await dana.page.contains("Text message, German: the next messages have your words."))
            #expect(await dana.page.contains("&lt;{labels.host}&gt; {title}\n{link}"))
            #expect(await dana.page.contains("Other languages: PagerPal’s own words"))
            let made = try #require(templates(app).first)
            #expect(made.use == .text && made.language == .de)
            #expect(made.text == "<{labels.host}> {title}\n{link}")

            let path = "/message-templates/\(made.id)"
            try await dana.visit(path)
            #expect(await dana.page.contains("&lt;db-1&gt; Disk almost full on db-1\nhttp"))
            #expect(await dana.page.contains("#42 KRITISCH: Disk almost full on db-1\nÜbernehmen: http"))
            try await dana.send(path, ["use": "text", "text": "Neu: {title}", "do": "save"])
            #expect(templates(app).map(\.text) == ["Neu: {title}"])
            #expect(templates(app).map(\.language) == [.de])

            try await dana.send("\(path)/delete", [:])
            #expect(await dana.page.contains("Text message, German: PagerPal’s own words again."))
            #expect(templates(app) == [])
            try await dana.visit("/audit?kind=message-template")
            for words in ["created message template", "updated message template", "deleted message template"] {
                #expect(await dana.page.contains(words))
            }
        }
    }

    @Test func `the preview shows the draft, its length and its strange letters, and saves nothing`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/message-templates/new?use=text")
            try await dana.send(
                "/message-templates",
                ["use": "text", "language": "hr", "text": "Žuri! {title} {labels.rack}", "do": "preview"])
            #expect(await dana.status == 200)
            let page = await dana.page
            #expect(page.contains("Žuri! Disk almost full on db-1 \nPreuzmi: http"))
            #expect(page.contains("characters of UCS-2: 2 parts"))
            #expect(page.contains("Outside of GSM 7-bit: Ž."))
            #expect(page.contains("has no label “rack”"))
            #expect(page.contains(#"<option value="hr" selected>"#))
            try await dana.send(
                "/message-templates", ["use": "text", "language": "all", "text": "{title}!", "do": "preview"])
            #expect(await dana.page.contains("of 160 characters of GSM 7-bit: 1 SMS."))
            #expect(await !dana.page.contains("Outside of GSM"))
            try await dana.send("/message-templates", ["use": "opening", "text": "Call Bob", "do": "preview"])
            #expect(await dana.page.contains("Call Bob\n\nDisk almost full on db-1"))
            #expect(await dana.page.contains("<h3>Push message or chat</h3>"))
            #expect(templates(app) == [])
        }
    }

    @Test(arguments: ["save", "preview"])
    func `a wrong template says what is wrong and keeps what was typed`(action: String) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/message-templates/new?use=voice")
            #expect(await !dana.page.contains("<code>{link}</code>"))
            for (text, words) in [
                ("{hst} <b>", "There is no placeholder {hst}"), ("{title} {link}", "not read aloud"),
                ("", "Write something"),
            ] {
                let status = try await dana.send(
                    "/message-templates", ["use": "voice", "language": "all", "text": text, "do": action])
                #expect(status == 422)
                #expect(await dana.page.contains(words), "\(text)")
                #expect(await dana.page.contains(text.replacing("<", with: "&lt;").replacing(">", with: "&gt;")))
            }
            #expect(templates(app) == [])
        }
    }

    @Test func `two editors don't overwrite each other, and a language has one template`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let id = try await app.create("message-templates", #"{"use": "title", "text": "{title}"}"#)
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/message-templates/\(id)")
            let seen = try #require(
                await dana.page.firstMatch(of: /name="seen" value="([^"]*)"/).map { String($0.1) })
            try await app.change("message-templates/\(id)", #"{"text": "Other {title}"}"#)
            try await dana.send(
                "/message-templates/\(id)", ["use": "title", "text": "Mine {title}", "seen": seen, "do": "save"])
            #expect(await dana.status == 422)
            #expect(await dana.page.contains("Somebody else changed this"))
            #expect(templates(app).map(\.text) == ["Other {title}"])
            try await dana.send(
                "/message-templates", ["use": "title", "language": "all", "text": "{title}", "do": "save"])
            #expect(await dana.status == 422)
            #expect(await dana.page.contains("There is a template “Title, all languages” already."))
            try await dana.visit("/message-templates/new?use=title")
            #expect(await !dana.page.contains(#"<option value="all""#))
        }
    }
}
