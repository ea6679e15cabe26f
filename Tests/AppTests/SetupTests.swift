import Actors
import Domain
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct SetupTests {
    @Test(arguments: TestDatabase.kinds)
    func `a fresh database leads from the administrator to an acknowledged incident`(_ kind: TestDatabase) async throws
    {
        try await TestApp.run(kind, isFresh: true) { app in
            let browser = Browser(app)
            try await browser.visit("/dashboard")
            try await browser.visit("/login")
            #expect(await browser.path == "/setup")
            try await browser.send(
                "/setup", ["name": "Dana", "email": "dana@example.com", "password": "correct horse dana"])
            #expect(await browser.path == "/setup/team")
            try await browser.send("/setup/team", ["name": "Operations"])
            #expect(await browser.path == "/setup/contact")
            try await browser.send("/setup/contact", ["channel": "email", "address": "dana@example.com", "label": ""])
            try await app.expectPages(["email dana@example.com"])
            let code = try #require(await app.outbox.messages.last?.text.firstMatch(of: /\d{6}/)).0
            let method = try #require(app.assembly.configuration.current.contactMethods.values.first)
            let wrong = try await browser.send("/setup/contact/\(method.id)/verify", ["code": "nonsense"])
            #expect(wrong == 422)
            try await browser.send("/setup/contact/\(method.id)/verify", ["code": String(code)])
            #expect(await browser.path == "/setup/source")
            try await app.expectPages(["email dana@example.com"], "the test page")
            let team = try #require(app.assembly.configuration.current.teams.values.first)
            let made = try await browser.send(
                "/setup/source", ["name": "My monitoring", "kind": "generic", "team": team.id.rawValue])
            #expect(made == 200)
            try await browser.send("/setup/alert", [:])
            #expect(await browser.path == "/setup/incident")
            try await app.expectPages(["email dana@example.com"], "the incident")
            try await browser.send("/setup/acknowledge", [:])
            #expect(await browser.page.contains("That is all."))
            let incident = try #require(try await app.assembly.store.incident(number: 1))
            #expect(incident.state.name == .acknowledged)
            #expect(try await browser.visit("/dashboard") == 200)
        }
    }

    @Test func `the first administrator is created once, and bad input is explained beside its field`() async throws {
        try await TestApp.run(.sqliteMemory, isFresh: true) { app in
            let first = Browser(app)
            let second = Browser(app)
            for browser in [first, second] { try await browser.visit("/setup") }
            let status = try await first.send("/setup", ["name": "", "email": "dana", "password": "short"])
            #expect(status == 422)
            let page = await first.page
            let zone: KeyValuePairs<String, String> = [
                "name": "Dana", "email": "dana@example.com", "password": "correct horse dana",
                "time_zone": "Oz/Emerald",
            ]
            #expect(try await second.send("/setup", zone) == 422)
            #expect(await second.page.contains("There is no time zone “Oz/Emerald”."))
            for field in ["name", "email", "password"] { #expect(page.contains("id=\"\(field)-fault\""), "\(field)") }
            #expect(page.contains("value=\"dana\"") && !page.contains("short"))
            try await first.send(
                "/setup",
                [
                    "name": "Dana", "email": "dana@example.com", "password": "correct horse dana",
                    "time_zone": "America/New_York", "clock": "12h",
                ])
            #expect(await first.path == "/setup/team")
            let dana = try #require(app.assembly.configuration.current.users.values.first)
            #expect(dana.timeZone == "America/New_York" && dana.clock == .hours12)
            try await second.send(
                "/setup", ["name": "Eve", "email": "eve@example.com", "password": "correct horse eve"])
            #expect(await second.path == "/login")
            #expect(app.assembly.configuration.current.users.count == 1)
        }
    }
}
