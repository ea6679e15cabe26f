import Actors
import Database
import Domain
import Formats
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App
@testable import Transport

/// The set-up, foreign names, names of cookies, and /metrics.
@Suite(.serialized)
struct FirstDoorTests {
    @Test(arguments: TestDatabase.kinds)
    func `in production the set-up needs the code from the log, and never opens again`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, isFresh: true, settings: { $0.isProduction = true }) { app in
            let browser = Browser(app)
            let code = app.assembly.services.requestTokens.setUpCode
            try await browser.visit("/setup?code=\(code)")
            #expect(await browser.page.contains("value=\"\(code)\""))
            for wrong in ["", "abcd-efgh", code + "x"] {
                let status = try await browser.send(
                    "/setup",
                    ["code": wrong, "name": "Eve", "email": "eve@example.com", "password": "correct horse eve"])
                #expect(status == 422, "\(wrong)")
            }
            #expect(app.assembly.configuration.current.users.isEmpty)
            try await browser.send(
                "/setup",
                ["code": code, "name": "Dana", "email": "dana@example.com", "password": "correct horse dana"])
            #expect(await browser.path == "/setup/team")
            let accounts = app.assembly.services.accounts
            let dana = try #require(app.assembly.configuration.current.users.values.first)
            try await accounts.dismiss(dana.id, by: .system)
            #expect(try await !accounts.isFresh(), "nobody has a password, and the set-up stays closed")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `of many first administrators at once there is one`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind, isFresh: true) { app in
            let accounts = app.assembly.services.accounts
            let made = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<6 {
                    group.addTask {
                        let user = try? await accounts.createFirst(
                            name: "A\(number)", email: "a\(number)@example.com",
                            password: Secret("correct horse \(number)"))
                        return user != nil
                    }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(made == 1)
            #expect(app.assembly.configuration.current.users.count == 1)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a set-up that ends halfway leaves the door open`(_ kind: TestDatabase) async throws {
        let isBroken = Mutex(true)
        let database = ProbedDatabase(try await kind.open()) { _, text throws(DatabaseError) in
            let isHit = text.contains("SET password_hash") || text.contains("DELETE FROM latches")
            if isHit && isBroken.withLock({ $0 }) { throw .statement(code: "XX000", message: "cut off") }
        }
        try await TestApp.run(kind, database: database, isFresh: true) { app in
            app.allowErrors()
            let accounts = app.assembly.services.accounts
            let cutOff = try? await accounts.createFirst(
                name: "Dana", email: "dana@example.com", password: Secret("correct horse dana"))
            #expect(cutOff == nil)
            isBroken.withLock { $0 = false }
            let isOpen = try await accounts.isFresh()
            #expect(isOpen, "or nobody could ever sign in")
            let dana = try await accounts.createFirst(
                name: "Dana", email: "dana@example.com", password: Secret("correct horse dana"))
            #expect(dana?.role == .admin)
        }
    }

    @Test(arguments: [
        ("127.0.0.1:8000", 200), ("[::1]:8000", 200), ("localhost", 200), ("pagerpal:8000", 200),
        ("PAGER.example.com", 200),
        ("alias.example.com.", 200), ("evil.example.com", 421), ("pager.example.com.evil.example", 421),
    ])
    func `pages are shown under known names only`(_ host: String, _ expected: Int) async throws {
        let change: (inout Settings) -> Void = { settings in
            settings.baseURL = "https://pager.example.com"
            settings.allowedHosts = ["alias.example.com"]
        }
        try await TestApp.run(.sqliteMemory, settings: change) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let headers = [(name: "Host", value: host)]
            #expect(try await app.send("GET", "/login", headers: headers).status == expected)
            #expect(try await app.send("GET", "/health/live", headers: headers).status == 200)
        }
    }

    @Test func `over https cookies have a prefix, and older sessions keep their name`() async throws {
        try await TestApp.run(.sqliteMemory, settings: { $0.isSessionCookieSecure = true }) { app in
            let origin = Accounts.Origin(address: "127.0.0.1", agent: "", knows: { _, _ in false })
            let key = try await app.assembly.services.accounts.open("ada", from: origin).key
            func status(_ name: String) async throws -> Int {
                try await app.send("GET", "/api/v1/teams", headers: [(name: "Cookie", value: "\(name)=\(key)")]).status
            }
            #expect(try await status("__Host-pagerpal_session") == 200)
            #expect(try await status("pagerpal_session") == 401)
            try await app.assembly.store.database.run("UPDATE sessions SET cookie_is_plain = 1")
            #expect(try await status("pagerpal_session") == 200)
            let login = try await app.send("GET", "/login").response.headers
            #expect(login["set-cookie"]?.hasPrefix("__Host-pagerpal_guest=") == true)
            #expect(CookieName.secret.text(isSecure: true) == "__Secure-pagerpal_secret", "it has a path")
        }
    }

    @Test func `metrics are for this host, for the token, or for everybody if opened`() async throws {
        let far = [(name: "X-Forwarded-For", value: "192.0.2.1")]
        try await TestApp.run(.sqliteMemory, settings: { $0.metricsToken = Secret("metrics key") }) { app in
            let near = try await app.send("GET", "/metrics").status
            #expect(near == 200)
            #expect(try await app.send("GET", "/metrics", headers: far).status == 401)
            for (key, status) in [("metrics key", 200), ("metrics", 401), ("", 401)] {
                let headers = far + [(name: "Authorization", value: "Bearer \(key)")]
                #expect(try await app.send("GET", "/metrics", headers: headers).status == status, "\(key)")
            }
        }
        try await TestApp.run(.sqliteMemory, settings: { $0.areMetricsOpen = true }) { app in
            let open = try await app.send("GET", "/metrics", headers: far).status
            #expect(open == 200)
        }
    }

    @Test(arguments: ["ghjcnjgfhjkm", "Monkey123456!", "sonyericsson", "butterfly2024"])
    func `frequent passwords of leaks are refused`(_ password: String) {
        #expect(PasswordHasher.fault(of: Secret(password)) != nil)
    }
}
