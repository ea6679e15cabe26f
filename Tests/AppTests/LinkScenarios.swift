import Actors
import Domain
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// Links in messages that acknowledge without signing in.
@Suite struct LinkScenarios {
    private func path(_ app: TestApp) async throws -> String {
        let url = try #require(await app.outbox.messages.last?.url)
        return "/a/" + (url.split(separator: "/").last.map { String($0) } ?? "")
    }

    @Test(arguments: TestDatabase.kinds)
    func `the link of an earlier opening shows the incident and does not acknowledge it`(
        kind: TestDatabase
    ) async throws {
        let time = ManualTime()
        try await TestApp.run(kind, time: time, dispatch: Dispatcher.Settings(bundlingWindow: .zero)) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let old = try await path(app)
            time.advance(by: .seconds(5))
            try await app.act("resolve")
            time.advance(by: .seconds(5))
            try await app.act("reopen")
            try await app.settle()
            let new = try await path(app)
            #expect(old != new)
            let answer = try await app.send("POST", old, "", headers: [])
            #expect(answer.status == 200)
            #expect(String(decoding: answer.response.body, as: UTF8.self).contains("This link is old"))
            #expect(try await app.state() == "triggered")
            _ = try await app.send("POST", new, "", headers: [])
            #expect(try await app.state() == "acknowledged")
            try await app.takePages()
        }
    }

    @Test func `a link acknowledges for a week`() async throws {
        let time = ManualTime()
        try await TestApp.run(.sqliteMemory, time: time, dispatch: Dispatcher.Settings(bundlingWindow: .zero)) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let link = try await path(app)
            try await app.act("snooze", on: 1, #"{"minutes": 20160}"#)
            time.advance(by: .hours(24 * 7) + .seconds(1))
            _ = try await app.send("POST", link, "", headers: [])
            #expect(try await app.state() == "triggered")
            try await app.act("acknowledge")
            try await app.settle()
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the page behind a link hands the incident to a person, and takes that back`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, dispatch: Dispatcher.Settings(bundlingWindow: .zero)) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let link = try await path(app)
            _ = try await app.send("POST", link, "", headers: [])
            #expect(try await app.state() == "acknowledged")
            let form = (name: "Content-Type", value: "application/x-www-form-urlencoded")
            let given = try await app.send("POST", link, "do=hand-over&about=1&user=bob", headers: [form])
            let page = String(decoding: given.response.body, as: UTF8.self)
            #expect(page.contains("Handed to Bob, who is paged."))
            #expect(page.contains("value=\"undo\""))
            #expect(try await app.state() == "triggered")
            try await app.settle()
            #expect(await app.outbox.messages.last?.address.contains("bob") == true)
            _ = try await app.send("POST", link, "do=undo&about=1", headers: [form])
            #expect(try await app.state() == "acknowledged")
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a link is short, and the longer one of an older message still works`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, dispatch: Dispatcher.Settings(bundlingWindow: .zero)) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let message = try #require(await app.outbox.messages.last)
            #expect(try await path(app).count == "/a/".count + 9)
            let old = "/a/\(app.assembly.services.links.token(for: message.id))"
            #expect(try await app.send("GET", old, headers: []).status == 200)
            #expect(try await app.send("GET", "/a/000000000", headers: []).status == 404)
            #expect(try await app.send("GET", old + "x", headers: []).status == 404)
            _ = try await app.send("POST", try await path(app), "", headers: [])
            #expect(try await app.state() == "acknowledged")
            try await app.takePages()
        }
    }

    @Test func `a title of a hundred characters and the link fit into one text message`() async throws {
        let title = String(repeating: "Disk full ", count: 10)
        try await TestApp.run(
            .sqliteMemory, settings: { $0.baseURL = "https://pager.example.com" },
            team: { DeliveryScenarios.rules(&$0) },
            dispatch: Dispatcher.Settings(bundlingWindow: .zero)
        ) { app in
            try await app.alert(#"{"title": "\#(title)"}"#)
            try await app.settle()
            let text = try #require(await app.outbox.messages.first { $0.channel == .sms }).shortText
            #expect(SMSText.parts(of: text) == 1)
            #expect(text.contains(title.dropLast()))
            try await app.act("acknowledge")
            try await app.takePages()
        }
    }
}
