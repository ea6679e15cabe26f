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

/// Headers of all answers, the end of sessions, and the trail of sign-ins.
@Suite(.serialized)
struct DoorTests {
    @Test func `every answer forbids guessing, framing and running, and HSTS follows the base URL`() async throws {
        for base in ["http://127.0.0.1:8000", "https://pager.example.com"] {
            try await TestApp.run(.sqliteMemory, settings: { $0.baseURL = base }) { app in
                for path in ["/health", "/api/v1/teams", "/api/v1/nothing", "/login", "/", "/metrics", "/nothing"] {
                    let headers = try await app.send("GET", path).response.headers
                    #expect(headers["x-content-type-options"] == "nosniff", "\(path)")
                    #expect(headers["content-security-policy"]?.contains("default-src 'none'") == true, "\(path)")
                    #expect(
                        headers["x-frame-options"] == "DENY" && headers["referrer-policy"] == "no-referrer", "\(path)")
                    #expect((headers["strict-transport-security"] != nil) == base.hasPrefix("https"), "\(path)")
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a session ends after 90 days, however often it is used`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            app.allowErrors()
            let accounts = app.assembly.services.accounts
            let origin = Accounts.Origin(address: "127.0.0.1", agent: "", knows: { _, _ in false })
            let key = try await accounts.open("ada", from: origin).key
            for _ in 0..<4 {
                app.time.advance(by: .days(20))
                #expect(try await accounts.session(key: key) != nil)
            }
            app.time.advance(by: .days(11))
            #expect(try await accounts.session(key: key) == nil)
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `sign-ins and their failures are in the audit log, and guessing can't fill it`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let notes = { try await app.assembly.store.audit(AuditFilter()).compactMap(\.note) }
            #expect(try await notes().contains("signed in, from 127.0.0.1"))
            for _ in 0..<30 {
                app.time.advance(by: .minutes(2))
                let stranger = Browser(app)
                try await stranger.signIn(as: "ada", password: "guess")
            }
            let failures = try await notes().count { $0.hasPrefix("a sign-in failed") }
            #expect((3...10).contains(failures))
            let stranger = Browser(app)
            try await stranger.visit("/login")
            try await stranger.send("/login", ["email": "nobody@example.com", "password": "guess"])
            #expect(try await notes().count { $0.hasPrefix("a sign-in failed") } == failures)
            #expect(try await browser.visit("/dashboard") == 200)
        }
    }
}
