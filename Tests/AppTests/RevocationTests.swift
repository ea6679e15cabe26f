import Actors
import Database
import Domain
import Formats
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// What a person gets in with ends as a whole, and administrators see and end what others get in with.
@Suite(.serialized)
struct RevocationTests {
    private static let secret = "pgp_ada-token"
    private static let bearer = [(name: "Authorization", value: "Bearer \(secret)")]

    /// Gives Ada a session, a token, a calendar link and a link for a forgotten password.
    private static func equip(_ app: TestApp) async throws -> (Browser, calendar: String) {
        let browser = try await Browser.signedIn(as: "ada", app)
        try await app.assembly.store.save(
            APIToken(id: "ada-token", userID: "ada", name: "script", hash: sha256(secret), hint: "pgp_", scope: .write),
            at: app.time.now)
        let link = try await app.send("POST", "/api/v1/users/ada/calendar", headers: bearer)
        let url = try #require(link.json["url"]?.text)
        return (browser, String(url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }))
    }

    private static func expectAllGone(_ browser: Browser, _ calendar: String, _ app: TestApp) async throws {
        try await browser.visit("/dashboard")
        #expect(await browser.path.hasPrefix("/login"))
        #expect(try await app.send("GET", "/api/v1/teams", headers: bearer).status == 401)
        #expect(try await app.send("GET", calendar).status == 404)
        #expect(try await app.assembly.store.tokens(of: "ada").isEmpty)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a reset, a lost right to sign in, a new password by an administrator and disabling revoke everything`(
        _ kind: TestDatabase
    ) async throws {
        for way in ["password", "password/delete", "enabled", "revoke"] {
            try await TestApp.run(kind) { app in
                let (browser, calendar) = try await RevocationTests.equip(app)
                #expect(try await app.send("GET", calendar).status == 200)
                let admin = try await Browser.signedIn(as: "dana", app)
                try await admin.visit("/users/ada")
                try await admin.send("/users/ada/\(way)", ["password": "an entirely new horse"])
                try await RevocationTests.expectAllGone(browser, calendar, app)
                try await app.takePages()
            }
        }
        try await TestApp.run(kind) { app in
            let (browser, calendar) = try await RevocationTests.equip(app)
            _ = try await Browser.resettingPassword(of: "ada", to: "a new horse battery", app)
            try await RevocationTests.expectAllGone(browser, calendar, app)
        }
    }

    @Test func `a browser that was remembered before a revocation is a stranger after it`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let known = try await Browser.signedIn(as: "ada", app)
            try await app.assembly.services.accounts.revokeAll(of: "ada", by: .system)
            for _ in 0..<5 {
                let stranger = Browser(app)
                try await stranger.signIn(as: "ada", password: "guess")
            }
            try await known.signIn(as: "ada")
            #expect(await known.status == 429)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `administrators list and revoke anyone's tokens, others only their own`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            _ = try await RevocationTests.equip(app)
            let all = try await app.send("GET", "/api/v1/tokens")
            #expect(all.json["items"]?.array?.count == 2)
            #expect(!"\(all.json)".contains(RevocationTests.secret) && !"\(all.json)".contains("hash"))
            let own = try await app.send("GET", "/api/v1/tokens", headers: RevocationTests.bearer)
            #expect(own.json["items"]?.array?.compactMap { $0["name"]?.text } == ["script"])
            let others = try await app.send("GET", "/api/v1/tokens?user=dana", headers: RevocationTests.bearer)
            #expect(others.status == 403)
            let theirs = try await app.send("DELETE", "/api/v1/tokens/token", headers: RevocationTests.bearer)
            #expect(theirs.status == 404)
            let admin = try await Browser.signedIn(as: "dana", app)
            try await admin.visit("/users/ada")
            #expect(await admin.page.contains("/users/ada/tokens/ada-token/delete"))
            #expect(try await app.send("DELETE", "/api/v1/tokens/ada-token").status == 204)
            #expect(try await app.send("GET", "/api/v1/teams", headers: RevocationTests.bearer).status == 401)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a code and a link are cleared from their pages once they have left`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile")
            try await browser.send(
                "/profile/contact-methods", ["channel": "sms", "address": "+385915550101", "label": ""])
            try await app.expectPages(["sms +385915550101"])
            let stranger = Browser(app)
            try await stranger.visit("/password/forgotten")
            try await stranger.send("/password/forgotten", ["email": "ada@example.com"])
            try await app.expectPages(["email ada@example.com"])
            let kept = try await app.assembly.store.database.run("SELECT body FROM pages WHERE body IS NOT NULL").rows
            #expect(kept.isEmpty)
        }
    }
}
