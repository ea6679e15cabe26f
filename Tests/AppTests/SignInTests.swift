import Actors
import Domain
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

@Suite(.serialized)
struct SignInTests {
    @Test(arguments: TestDatabase.kinds)
    func `signing in returns to the page that was requested`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let browser = Browser(app)
            try await browser.visit("/incidents?state=open")
            #expect(await browser.path == "/login?next=%2Fincidents%3Fstate%3Dopen")
            try await browser.send(
                "/login",
                ["email": "ADA@example.com", "password": "correct horse ada", "next": "/incidents?state=open"])
            #expect(await browser.path == "/incidents?state=open")
        }
    }

    @Test
    func `a return address on another site is not followed`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            for next in ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"] {
                let browser = Browser(app)
                try await browser.visit("/login")
                try await browser.send(
                    "/login", ["email": "ada@example.com", "password": "correct horse ada", "next": next])
                #expect(await browser.path == "/dashboard", "\(next)")
            }
        }
    }

    @Test
    func `the session's cookie can't be read by scripts, and only its hash is stored`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let browser = Browser(app)
            try await browser.visit("/login")
            let body = "email=ada%40example.com&password=correct%20horse%20ada&token=\(await browser.token)"
            _ = try await browser.request("POST", "/login", body, redirects: 0)
            let cookies = await browser.headers["set-cookie"] ?? ""
            #expect(cookies.contains("HttpOnly") && cookies.contains("SameSite=Lax"))
            let key = try #require(await browser.cookies["pagerpal_session"])
            let stored = try await app.assembly.store.sessions(of: "ada", at: app.time.now)
            #expect(stored.count == 1 && stored[0].hash != key && !stored[0].hash.contains(key))
        }
    }

    @Test
    func `a wrong password, an unknown address and a contact without an account get the same answer`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            var answers: Set<String> = []
            for email in ["ada@example.com", "bob@example.com", "nobody@example.com"] {
                let browser = Browser(app)
                try await browser.visit("/login")
                #expect(try await browser.send("/login", ["email": email, "password": "wrong horse"]) == 422)
                answers.insert(
                    await browser.page.replacing(email, with: "").replacing(await browser.token, with: ""))
            }
            #expect(answers.count == 1)
        }
    }

    @Test
    func `failed sign-ins are throttled, and a known browser is not affected by others`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let known = try await Browser.signedIn(as: "ada", app)
            let stranger = Browser(app)
            try await stranger.visit("/login")
            for _ in 0..<5 { try await stranger.signIn(as: "ada", password: "guess") }
            try await stranger.signIn(as: "ada")
            #expect(await stranger.status == 429)
            try await known.visit("/dashboard")
            try await known.send("/logout", [:])
            try await known.signIn(as: "ada")
            #expect(await known.path == "/dashboard")
            app.time.advance(by: .seconds(61))
            try await stranger.signIn(as: "ada")
            #expect(await stranger.path == "/dashboard")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a disabled user's session ends at once`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "bob", app)
            try await app.assembly.engine.configurator.change(by: .system) { configuration in
                guard var bob = configuration.users["bob"] else { return [] }
                bob.isEnabled = false
                return [.save(bob)]
            }
            try await browser.visit("/dashboard")
            #expect(await browser.path.hasPrefix("/login"))
        }
    }

    @Test
    func `a form without its CSRF token changes nothing`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            #expect(try await browser.send("/logout", [:], token: "") == 403)
            let other = try await Browser.signedIn(as: "bob", app)
            try await other.visit("/dashboard")
            #expect(try await browser.send("/logout", [:], token: await other.token) == 403)
            #expect(try await browser.visit("/dashboard") == 200)
        }
    }

    @Test(
        arguments: TestDatabase.kinds)
    func `a password reset link works once and ends all sessions`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let old = try await Browser.signedIn(as: "ada", app)
            let browser = Browser(app)
            try await browser.visit("/password/forgotten")
            try await browser.send("/password/forgotten", ["email": "ada@example.com"])
            #expect(await browser.page.contains("a link is on its way"))
            try await app.expectPages(["email ada@example.com"])
            let text = try #require(await app.outbox.messages.last?.text)
            let link = try #require(text.firstMatch(of: /\/password\/reset\/\w+/)).0
            try await browser.visit(String(link))
            #expect(try await browser.send(String(link), ["password": "short"]) == 422)
            try await browser.send(String(link), ["password": "a new horse battery"])
            #expect(await browser.path == "/dashboard")
            #expect(try await browser.visit(String(link)) == 404)
            try await old.visit("/dashboard")
            #expect(await old.path.hasPrefix("/login"))
            try await old.signIn(as: "ada", password: "a new horse battery")
            #expect(await old.path == "/dashboard")
        }
    }

    @Test
    func `a password reset link expires, and an unknown address gets none`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let browser = Browser(app)
            try await browser.visit("/password/forgotten")
            try await browser.send("/password/forgotten", ["email": "nobody@example.com"])
            #expect(await browser.page.contains("a link is on its way"))
            try await app.expectPages([])
            try await browser.visit("/password/forgotten")
            try await browser.send("/password/forgotten", ["email": "ada@example.com"])
            try await app.expectPages(["email ada@example.com"])
            let text = try #require(await app.outbox.messages.last?.text)
            let link = try #require(text.firstMatch(of: /\/password\/reset\/\w+/)).0
            app.time.advance(by: .minutes(31))
            #expect(try await browser.visit(String(link)) == 404)
        }
    }

    @Test
    func `pages can't be cached or framed, and load nothing inline or from other hosts`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = Browser(app)
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            try await browser.visit("/login")
            let headers = await browser.headers
            #expect(headers["cache-control"] == "no-store")
            #expect(headers["x-frame-options"] == "DENY")
            let policy = try #require(headers["content-security-policy"])
            #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
            #expect(!policy.contains("unsafe") && !policy.contains("*"))
        }
    }
}
