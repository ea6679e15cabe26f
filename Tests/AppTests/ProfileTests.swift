import Actors
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct ProfileTests {
    @Test(arguments: TestDatabase.kinds)
    func `a contact method is used once its code was entered`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile")
            try await browser.send(
                "/profile/contact-methods", ["channel": "sms", "address": "00385 91 555 0101", "label": "Mobile"])
            #expect(await browser.page.contains("+385915550101"))
            try await app.expectPages(["sms +385915550101"], "the code")
            let code = try #require(await app.outbox.messages.last?.text.firstMatch(of: /\d{6}/)).0
            let method = try #require(
                app.assembly.configuration.current.contactMethods.values.first { $0.channel == .sms })
            try await browser.send("/profile/contact-methods/\(method.id)/verify", ["code": String(code)])
            #expect(await browser.page.contains("is verified"))
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com", "sms +385915550101"])
        }
    }

    @Test func `a number in national form is understood, or explained`() async throws {
        try await TestApp.run(
            .sqliteMemory, team: { $0.users[0].timeZone = "Europe/Zagreb" }
        ) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile")
            let typed: KeyValuePairs<String, String> = ["channel": "sms", "address": "91 555 0101"]
            #expect(try await browser.send("/profile/contact-methods", typed) == 422)
            #expect(await browser.page.contains("Write it as +385 915550101."))
            try await browser.send("/profile/contact-methods", ["channel": "sms", "address": "091 555 0101"])
            #expect(await browser.page.contains("+385915550101"))
            try await app.expectPages(["sms +385915550101"], "the code")
            let body = #"{"user_id": "USER", "channel": "voice", "address": "091 555 0102"}"#
            let api = { (user: String) in
                try await app.send("POST", "/api/v1/contact-methods", body.replacing("USER", with: user))
            }
            #expect(try await api("ada").json["address"]?.text == "+385915550102")
            // Nothing says where Bob is.
            let refused = try await api("bob")
            #expect(refused.status == 422)
            #expect("\(refused.json)".contains("This number lacks its country."))
        }
    }

    @Test func `times are shown in the clock that a person reads`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com"])
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/incidents")
            #expect(await browser.page.contains("just now</time> (12:00)"))
            try await browser.visit("/profile")
            try await browser.send(
                "/profile",
                ["name": "Ada", "time_zone": "UTC", "clock": "12h", "quiet_from": "22:00", "quiet_to": "07:30"])
            let profile = await browser.page
            #expect(profile.contains("UTC, now 12:00 PM, quiet from 10:00 PM to 7:30 AM"))
            try await browser.visit("/incidents")
            #expect(await browser.page.contains("just now</time> (12:00 PM)"))
            let configuration = app.assembly.configuration.current
            #expect(configuration.local(app.time.now, of: "ada") == "Wed 2026-03-04 12:00 PM (UTC)")
            #expect(configuration.local(app.time.now, of: "bob") == "Wed 2026-03-04 12:00 (UTC)")
        }
    }

    @Test func `notification rules name channel and delay, and bad ones are refused`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile")
            let bad = try await browser.send("/profile/rules", ["high_method": "mail-ada", "high_delay": "soon"])
            #expect(bad == 422)
            try await browser.send("/profile/rules", ["high_method": "mail-ada", "high_delay": "3"])
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages([])
            try await app.advance(.minutes(3))
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test func `nobody touches another person's contact methods`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/profile")
            for action in ["code", "verify", "test", "state", "delete"] {
                #expect(try await browser.send("/profile/contact-methods/mail-ada/\(action)", [:]) == 404, "\(action)")
                try await browser.visit("/profile")
            }
            try await app.expectPages([])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a changed password ends the other sessions`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let here = try await Browser.signedIn(as: "ada", app)
            let there = Browser(app)
            try await there.signIn(as: "ada")
            try await here.visit("/profile/security")
            #expect(
                try await here.send("/profile/password", ["current": "wrong", "password": "a new horse ada"]) == 422)
            try await here.send("/profile/password", ["current": "correct horse ada", "password": "a new horse ada"])
            #expect(await here.path == "/profile/security")
            try await there.visit("/dashboard")
            #expect(await there.path.hasPrefix("/login"))
            try await there.signIn(as: "ada", password: "a new horse ada")
            #expect(await there.path == "/dashboard")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `sessions are listed and can be ended`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let here = try await Browser.signedIn(as: "ada", app)
            let there = Browser(app)
            try await there.signIn(as: "ada")
            try await here.visit("/profile/security")
            let other = try #require(await here.page.firstMatch(of: /\/profile\/sessions\/([\w-]+)\/end"/)).1
            try await here.send("/profile/sessions/\(other)/end", [:])
            try await there.visit("/dashboard")
            #expect(await there.path.hasPrefix("/login"))
            #expect(try await here.visit("/dashboard") == 200)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a token is shown once, acts for its owner within its scope, and stops when revoked`(
        _ kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await browser.visit("/profile/security")
            try await browser.send("/profile/tokens", ["token_name": "script", "scope": "read", "days": "30"])
            let token = String(try #require(await browser.page.firstMatch(of: /pgp_\w{32}/)).0)
            let bearer = [(name: "Authorization", value: "Bearer \(token)")]
            #expect(try await app.send("GET", "/api/v1/incidents/1", headers: bearer).status == 200)
            #expect(try await app.send("POST", "/api/v1/incidents/1/acknowledge", headers: bearer).status == 403)
            try await browser.visit("/profile/security")
            #expect(await !browser.page.contains(token))
            let id = try #require(await browser.page.firstMatch(of: /\/profile\/tokens\/([\w-]+)\/delete/)).1
            try await browser.send("/profile/tokens/\(id)/delete", [:])
            #expect(try await app.send("GET", "/api/v1/incidents/1", headers: bearer).status == 401)
        }
    }

    @Test func `a session may use the API, and writes only with the CSRF token`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com"])
            let token = await browser.token
            #expect(try await browser.request("GET", "/api/v1/incidents/1") == 200)
            #expect(try await browser.request("POST", "/api/v1/incidents/1/acknowledge", "{}") == 403)
            let proof = [(name: "X-CSRF-Token", value: token)]
            #expect(try await browser.request("POST", "/api/v1/incidents/1/acknowledge", "{}", proof) == 200)
        }
    }
}
