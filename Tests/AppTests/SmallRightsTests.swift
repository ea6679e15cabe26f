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

/// What one user sees and does of another: addresses, secret URLs, the address of an account, links in messages.
@Suite(.serialized)
struct SmallRightsTests {
    /// The headers of a token for a user.
    private static func bearer(
        _ user: UserID, _ scope: APIToken.Scope, _ app: TestApp
    ) async throws -> [(name: String, value: String)] {
        let text = "pgp_\(user)-\(scope)"
        try await app.assembly.store.save(
            APIToken(id: .init(text), userID: user, name: "t", hash: sha256(text), hint: "pgp_", scope: scope),
            at: app.time.now)
        return [(name: "Authorization", value: "Bearer \(text)")]
    }

    @Test(arguments: TestDatabase.kinds)
    func `others' addresses are masked in the log of pages, in incidents and in previews`(
        _ kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind, team: { $0.users[2].role = .viewer }) { app in
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com"])
            let viewer = try await SmallRightsTests.bearer("cleo", .read, app)
            let owner = try await SmallRightsTests.bearer("ada", .read, app)
            for path in [
                "/api/v1/notifications", "/api/v1/incidents/1/notifications", "/api/v1/preview?policy=Standard",
            ] {
                let masked = "\(try await app.send("GET", path, headers: viewer).json)"
                #expect(masked.contains("a…@example.com") && !masked.contains("ada@example.com"), "\(path)")
                let own = "\(try await app.send("GET", path, headers: owner).json)"
                #expect(own.contains("ada@example.com"), "\(path)")
                let administrators = "\(try await app.send("GET", path).json)"
                #expect(administrators.contains("ada@example.com"), "\(path)")
            }
            let browser = try await Browser.signedIn(as: "cleo", app)
            for path in ["/notifications", "/incidents/1"] {
                try await browser.visit(path)
                let page = await browser.page
                #expect(page.contains("a…@example.com") && !page.contains("ada@example.com"), "\(path)")
            }
        }
    }

    @Test func `a masked address is masked in the provider's words too, whatever its kind`() {
        let team = TestTeam()
        let shown = { (address: String, reader: UserID) in
            ShownAddress(address, of: "ada", to: reader, team.configuration)
        }
        #expect(shown("+385915550101", "cleo").description == "+38…01")
        #expect(shown("+385915550101", "ada").description == "+385915550101")
        #expect(shown("+385915550101", "dana").description == "+385915550101")
        #expect(shown("https://hooks.example.com/secret", "cleo").description == "https://hooks.example.com/…")
        #expect(
            shown("ada@example.com", "cleo").hiding(in: "550 <ada@example.com> unknown")
                == "550 <a…@example.com> unknown")
        #expect(shown("+385915550101", "cleo").hiding(in: "no route to 385915550101") == "no route to +38…01")
    }

    @Test func `the secret URL of a heartbeat is shown only to those who may change it`() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[1].role = .manager }) { app in
            let body = #"{"name": "Backup", "team": "Operations", "period_seconds": 3600}"#
            let made = try await app.send("POST", "/api/v1/heartbeats", body)
            let id = try #require(made.json["id"]?.text)
            #expect(made.json["url"]?.text != nil)
            for (user, scope, sees): (UserID, APIToken.Scope, Bool) in [
                ("bob", .write, true), ("bob", .read, false), ("ada", .write, false), ("cleo", .write, false),
            ] {
                let headers = try await SmallRightsTests.bearer(user, scope, app)
                for path in ["/api/v1/heartbeats", "/api/v1/heartbeats/\(id)"] {
                    let text = "\(try await app.send("GET", path, headers: headers).json)"
                    #expect(text.contains(Heartbeat.tokenPrefix) == sees, "\(user) \(scope) \(path)")
                }
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a token can't move an account to another address, a password and a link can`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let token = try await SmallRightsTests.bearer("ada", .write, app)
            let body = #"{"email": "evil@example.com"}"#
            #expect(try await app.send("PATCH", "/api/v1/users/ada", body, headers: token).status == 403)
            #expect(try await app.send("PATCH", "/api/v1/users/ada", body).status == 403)
            #expect(
                try await app.send("PATCH", "/api/v1/users/ada", #"{"name": "Ada L."}"#, headers: token).status == 200)
            // Bob is only paged, so there is no account to take over.
            #expect(try await app.send("PATCH", "/api/v1/users/bob", #"{"email": "b@example.com"}"#).status == 200)
            try await browser.visit("/profile/security")
            let wrong = try await browser.send("/profile/email", ["email": "new@example.com", "current": "guess"])
            #expect(wrong == 422)
            try await browser.send("/profile/email", ["email": "new@example.com", "current": "correct horse ada"])
            try await app.expectPages(["email new@example.com"], "the proof")
            let text = try #require(await app.outbox.messages.last?.text)
            let link = String(try #require(text.firstMatch(of: /\/profile\/email\/\w+/)).0)
            let other = try await Browser.signedIn(as: "cleo", app)
            #expect(try await other.visit(link) == 404)
            try await browser.visit(link)
            #expect(app.assembly.configuration.current.users["ada"]?.email == "ada@example.com")
            try await browser.send(link, [:])
            #expect(app.assembly.configuration.current.users["ada"]?.email == "new@example.com")
            try await app.expectPages(["email ada@example.com"], "the notice to the old address")
            #expect(try await browser.visit(link) == 404)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `tests go to verified contact methods only, and codes and tests have a number a day`(
        _ kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            let token = try await SmallRightsTests.bearer("ada", .write, app)
            let post = { (path: String, body: String?) in try await app.send("POST", path, body, headers: token) }
            let path = "/api/v1/contact-methods"
            var codes: [Int] = []
            for number in 0...Verification.Limits.codesPerDay {
                let made = try await post(path, "{\"channel\": \"sms\", \"address\": \"+38591555010\(number)\"}")
                let id = try #require(made.json["id"]?.text)
                if number == 0 { #expect(try await post("\(path)/\(id)/test", nil).status == 409) }
                codes.append(try await post("\(path)/\(id)/send-code", nil).status)
                // Another contact method, even a new one, has no codes of its own.
                _ = try await app.send("DELETE", "\(path)/\(id)", headers: token)
            }
            #expect(codes.dropLast().allSatisfy { $0 == 202 } && codes.last == 429)
            var tests: [Int] = []
            for _ in 0...Verification.Limits.testsPerDay {
                tests.append(try await post("\(path)/mail-ada/test", nil).status)
            }
            #expect(tests.dropLast().allSatisfy { $0 == 202 } && tests.last == 429)
            let other = #"{"channel": "sms", "address": "+385915550177", "user_id": "bob"}"#
            let made = try await app.send("POST", path, other)
            let id = try #require(made.json["id"]?.text)
            #expect(try await app.send("POST", "\(path)/\(id)/test").status == 202, "by an administrator")
            app.time.advance(by: .days(1))
            #expect(try await post("\(path)/mail-ada/test", nil).status == 202)
            try await app.takePages()
        }
    }

    @Test func `a link that acknowledges follows the person's role and contact method of now`() async throws {
        for change: @Sendable (Configuration) -> [ConfigurationChange] in [
            { configuration in
                guard var ada = configuration.users["ada"] else { return [] }
                ada.role = .viewer
                return [.save(ada)]
            },
            { _ in [.delete(.contactMethod("mail-ada"))] },
        ] {
            try await TestApp.run(.sqliteMemory) { app in
                try await app.alert(#"{"title": "Down"}"#)
                try await app.expectPages(["email ada@example.com"])
                let url = try #require(await app.outbox.messages.last?.url)
                let link = String(url.dropFirst("http://127.0.0.1:8000".count))
                #expect(try await app.send("GET", link).status == 200)
                try await app.assembly.engine.configurator.change(by: .system) { change($0) }
                let status = try await app.send("POST", link).status
                #expect([403, 404].contains(status))
                #expect(try await app.state() == "triggered")
                try await app.takePages()
            }
        }
    }
}
