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

/// What somebody who found an open browser can't do, and how a user hears of a stranger's sign-in.
@Suite(.serialized)
struct ProofTests {
    private static let origin = Accounts.Origin(address: "192.0.2.7", agent: "", knows: { _, _ in false })
    private static let method: KeyValuePairs = [
        "channel": "email", "address": "thief@example.com", "label": "",
    ]

    @Test(arguments: TestDatabase.kinds)
    func `a new token or contact method needs the password again ten minutes after it was typed`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let token: KeyValuePairs = ["token_name": "t", "scope": "read", "days": "90"]
            try await browser.visit("/profile/security")
            #expect(await !browser.page.contains("current-token"))
            try await browser.send("/profile/tokens", token)
            #expect(await browser.page.contains("pgp_"))
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            for path in ["/profile/contact-methods", "/users/ada/contact-methods"] {
                try await browser.visit(path.replacing("/contact-methods", with: ""))
                #expect(await browser.page.matches(of: /name="current"/).count >= 1, "\(path)")
                #expect(try await browser.send(path, ProofTests.method) == 422, "\(path)")
            }
            #expect(try await browser.send("/profile/tokens", token) == 422)
            #expect(await browser.page.contains("current-token"))
            let csrf = [(name: "X-CSRF-Token", value: try await browser.tokenOfSession())]
            let body = #"{"channel": "email", "address": "thief@example.com"}"#
            #expect(try await browser.request("POST", "/api/v1/contact-methods", body, csrf) == 403)
            #expect(
                try await browser.request(
                    "PATCH", "/api/v1/contact-methods/mail-ada", #"{"address": "x@example.com"}"#, csrf)
                    == 403)
            #expect(
                try await browser.request("PATCH", "/api/v1/contact-methods/mail-ada", #"{"label": "x"}"#, csrf) == 200)
            #expect(app.assembly.configuration.current.contactMethods(of: "ada").count == 1)
            try await browser.visit("/profile/security")
            let wrong: KeyValuePairs = ["token_name": "u", "scope": "read", "current": "guess"]
            #expect(try await browser.send("/profile/tokens", wrong) == 422)
            let right: KeyValuePairs = ["token_name": "u", "scope": "read", "current": "correct horse ada"]
            #expect(try await browser.send("/profile/tokens", right) == 200)
            // It counts for the next one, too.
            #expect(try await browser.send("/profile/contact-methods", ProofTests.method) == 200)
            try await app.takePages()
            #expect(try await app.assembly.store.tokens(of: "ada").count == 2)
        }
    }

    @Test func `an administrator needs it for tokens of service accounts and in the first run, too`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let made = try await app.send("POST", "/api/v1/users", #"{"name": "Deploy", "is_service": true}"#)
            let id = try #require(made.json["id"]?.text)
            let browser = try await Browser.signedIn(as: "dana", app)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            try await browser.visit("/users/\(id)")
            let token: KeyValuePairs = ["token_name": "CI", "scope": "read", "days": "90"]
            #expect(try await browser.send("/users/\(id)/tokens", token) == 422)
            #expect(await browser.page.contains("current-new"))
            #expect(try await browser.send("/setup/contact", ProofTests.method) == 422)
            #expect(await browser.page.contains("current-method"))
            let csrf = [(name: "X-CSRF-Token", value: try await browser.tokenOfSession())]
            let path = "/api/v1/users/\(id)/tokens"
            #expect(try await browser.request("POST", path, #"{"name": "CI"}"#, csrf) == 403)
            try await browser.visit("/users/\(id)")
            let right: KeyValuePairs = ["token_name": "CI", "scope": "read", "current": "correct horse dana"]
            #expect(try await browser.send("/users/\(id)/tokens", right) == 200)
            #expect(try await browser.request("POST", path, #"{"name": "CI"}"#, csrf) == 201)
            #expect(try await app.assembly.store.tokens(of: UserID(id)).count == 2)
        }
    }

    @Test func `an administrator needs it for accounts, their addresses, roles and passwords`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            let csrf = [(name: "X-CSRF-Token", value: try await browser.tokenOfSession())]
            for (method, path, body, status) in [
                ("POST", "/api/v1/users", #"{"name": "Eve", "email": "eve@example.com"}"#, 403),
                ("PATCH", "/api/v1/users/bob", #"{"email": "eve@example.com"}"#, 403),
                ("PATCH", "/api/v1/users/bob", #"{"role": "admin"}"#, 403),
                ("PATCH", "/api/v1/users/bob", #"{"locale": "de"}"#, 200),
            ] {
                #expect(try await browser.request(method, path, body, csrf) == status, "\(method) \(body)")
            }
            let eve = ["name": "Eve", "email": "eve@example.com", "role": "admin", "time_zone": "UTC", "locale": "en"]
            let password = "correct horse eve"
            for (form, path, fields) in [
                ("/users/new", "/users", eve.merging(["password": password]) { $1 }),
                ("/users/bob/edit", "/users/bob", eve), ("/users/bob", "/users/bob/password", ["password": password]),
            ] {
                try await browser.visit(form)
                #expect(await browser.page.contains("name=\"current\""), "\(path)")
                #expect(try await browser.post(path, fields) == 422, "\(path)")
                #expect(await browser.page.contains("Type your password"), "\(path)")
            }
            let users = app.assembly.configuration.current.users
            #expect(users.count == 4 && users["bob"]?.email == "bob@example.com" && users["bob"]?.role == .responder)
            #expect(try await app.assembly.store.usersWithPassword() == ["dana"])
            let proof = ["current": "correct horse dana", "password": password]
            #expect(try await browser.post("/users/bob/password", proof) == 200)
            #expect(try await app.assembly.store.usersWithPassword() == ["dana", "bob"])
        }
    }

    @Test func `a code of the app is a proof, once, and wrong codes are slowed down`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let accounts = app.assembly.services.accounts
            let ada = try #require(app.assembly.configuration.current.users["ada"])
            let secret = try await accounts.startFactor(
                of: ada, password: Secret("correct horse ada"), from: ProofTests.origin)
            let code = { OneTimePassword.password(secret: secret, step: app.time.now.seconds / 30) }
            let session = try #require(try await app.assembly.store.sessions(of: "ada", at: app.time.now).first)
            app.time.advance(by: .hours(1))
            try await browser.visit("/profile/security")
            let typed = { (code: String) async throws -> Int in
                try await browser.send("/profile/tokens", ["token_name": "t", "scope": "read", "current": code])
            }
            #expect(try await typed(code()) == 422, "an app that was not confirmed proves nothing")
            let confirmed = try await accounts.confirmFactor(of: ada, code: code(), keeping: session.id)
            #expect(confirmed != nil)
            #expect(try await typed(code()) == 422, "used")
            app.time.advance(by: .seconds(30))
            #expect(try await typed(code()) == 200)
            app.time.advance(by: .hours(1))
            for _ in 0..<6 { #expect(try await typed("000 000") == 422) }
            #expect(await browser.page.contains("Too many failures."))
            #expect(try await typed("correct horse ada") == 200, "the password has its own count")
        }
    }

    @Test func `guesses of the password are slowed down there, and tokens of programs are not asked`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            app.time.advance(by: .hours(1))
            try await browser.visit("/profile/security")
            for _ in 0..<6 {
                try await browser.send("/profile/tokens", ["token_name": "t", "scope": "read", "current": "guess"])
            }
            #expect(await browser.page.contains("Too many failures."))
            let made = try await app.send(
                "POST", "/api/v1/contact-methods", #"{"user_id": "bob", "channel": "sms", "address": "+385915550199"}"#)
            #expect(made.status == 201)
        }
    }

    @Test(arguments: [
        "/profile/password", "/profile/email", "/profile/factor", "/profile/factor/codes", "/profile/factor/delete",
        "/profile/factor/passkeys", "/profile/factor/passkeys/p/delete",
    ])
    func `guesses of the own password are slowed down wherever it is asked`(_ path: String) async throws {
        try await TestApp.run(.sqliteMemory, settings: { $0.baseURL = "https://pager.example.com" }) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile/security")
            let typed = { (password: String) async throws -> Int in
                try await browser.send(
                    path, ["current": password, "password": "correct horse eve", "email": "eve@example.com"])
            }
            for _ in 0..<5 { #expect(try await typed("guess") == 422) }
            #expect(try await typed("correct horse ada") == 422, "a right one waits, too")
            // Each page has the same count.
            let other: KeyValuePairs = ["current": "correct horse ada", "password": "correct horse eve"]
            #expect(try await browser.send("/profile/password", other) == 422)
            #expect(await browser.page.contains("Too many failures. Try again in "))
            let checked = try await app.assembly.services.accounts.check(
                email: "ada@example.com", password: Secret("correct horse ada"), from: ProofTests.origin)
            let isKept = if case .right = checked { true } else { false }
            #expect(isKept, "the password is the old one")
        }
    }

    @Test func `an administrator needs it to enable somebody again and to remove a second factor`() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.tellNobody() }) { app in
            let admin = try await Browser.signedIn(as: "dana", app)
            let accounts = app.assembly.services.accounts
            let ada = try #require(app.assembly.configuration.current.users["ada"])
            try await accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let secret = try await accounts.startFactor(
                of: ada, password: Secret("correct horse ada"), from: ProofTests.origin)
            let code = OneTimePassword.password(secret: secret, step: app.time.now.seconds / 30)
            #expect(try await accounts.confirmFactor(of: ada, code: code, keeping: "none") != nil)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            let isEnabled = { app.assembly.configuration.current.users["bob"]?.isEnabled }
            // Taking rights away needs none.
            #expect(try await admin.send("/users/bob/enabled", [:]) == 200)
            #expect(isEnabled() == false)
            #expect(try await admin.send("/users/bob/enabled", [:]) == 422)
            #expect(await admin.page.contains("Type your password: you signed in more than ten minutes ago."))
            let csrf = [(name: "X-CSRF-Token", value: try await admin.tokenOfSession())]
            #expect(try await admin.request("PATCH", "/api/v1/users/bob", #"{"is_enabled": true}"#, csrf) == 403)
            try await admin.visit("/users/ada")
            #expect(await admin.page.contains("current-factor"))
            #expect(try await admin.send("/users/ada/factor/delete", [:]) == 422)
            #expect(await admin.page.contains("Type your password: you signed in more than ten minutes ago."))
            #expect(isEnabled() == false)
            #expect(try await accounts.hasFactor("ada"))
            let proof: KeyValuePairs = ["current": "correct horse dana"]
            #expect(try await admin.send("/users/ada/factor/delete", proof) == 200)
            #expect(try await !accounts.hasFactor("ada"))
            #expect(try await admin.send("/users/bob/enabled", [:]) == 200, "it counts for ten minutes")
            #expect(isEnabled() == true)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a sign-in from a new browser is told by mail, and one from a known browser is not`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, settings: { $0.tellsNewBrowsers = true }) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await app.expectPages(["email ada@example.com"])
            let text = try #require(await app.outbox.messages.last?.text)
            #expect(text.contains("had not signed in to this account before") && text.contains("127.0.0.1"))
            #expect(text.contains("When: Wed 2026-03-04 12:00 (UTC)"), "\(text)")
            try await browser.send("/logout", [:])
            app.time.advance(by: .hours(1))
            try await browser.signIn(as: "ada")
            try await app.expectPages([])
            // A stranger who knows the password: one mail in ten minutes.
            for _ in 0..<3 { try await Browser(app).signIn(as: "ada") }
            try await app.expectPages(["email ada@example.com"])
            // After a revocation no browser is known.
            app.time.advance(by: .hours(1))
            try await app.assembly.services.accounts.revokeAll(of: "ada", by: .system)
            try await browser.signIn(as: "ada")
            try await app.expectPages(["email ada@example.com"])
        }
        // Without e-mail nobody is told, and no page is stuck.
        try await TestApp.run(kind, unserved: [.email], settings: { $0.tellsNewBrowsers = true }) { app in
            _ = try await Browser.signedIn(as: "ada", app)
            try await app.expectPages([])
        }
    }

    @Test(arguments: [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on iPhone"),
        ("Call +385 91 555 0666 at once", "An unknown browser"), ("", "An unknown browser"),
    ])
    func `a notice names the browser, and nothing else that a stranger wrote`(_ agent: String, _ expected: String)
        async throws
    {
        try await TestApp.run(.sqliteMemory, settings: { $0.tellsNewBrowsers = true }) { app in
            let accounts = app.assembly.services.accounts
            try await accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let origin = Accounts.Origin(address: "192.0.2.7", agent: agent, knows: { _, _ in false })
            _ = try await accounts.signIn(
                email: "ada@example.com", password: Secret("correct horse ada"), from: origin)
            try await app.expectPages(["email ada@example.com"])
            let text = try #require(await app.outbox.messages.last?.text)
            #expect(text.contains("Browser: \(expected)") && text.contains("From: 192.0.2.7"), "\(text)")
        }
    }
}
