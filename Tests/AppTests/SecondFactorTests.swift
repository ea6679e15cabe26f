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
@testable import Web

@Suite(.serialized)
struct SecondFactorTests {
    private static let seed = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B, for SHA-1.
    @Test(arguments: [
        (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
        (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ])
    func `one-time passwords are those of RFC 6238`(_ seconds: Int64, _ expected: String) {
        #expect(OneTimePassword.password(secret: SecondFactorTests.seed, step: seconds / 30, digits: 8) == expected)
    }

    @Test(arguments: [
        ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
        ("foobar", "MZXW6YTBOI"),
    ])
    func `secrets are written in the Base32 of RFC 4648`(_ text: String, _ expected: String) {
        #expect(OneTimePassword.base32(Array(text.utf8)) == expected)
    }

    @Test func `the steps before and after count, others and used ones do not`() {
        let step = { (offset: Int64, last: Int64) in
            OneTimePassword.step(
                of: OneTimePassword.password(secret: SecondFactorTests.seed, step: 100 + offset),
                secret: SecondFactorTests.seed, seconds: 3_010, after: last)
        }
        #expect(step(0, 0) == 100 && step(-1, 0) == 99 && step(1, 0) == 101)
        #expect(step(-2, 0) == nil && step(2, 0) == nil)
        #expect(step(0, 100) == nil && step(-1, 100) == nil && step(1, 100) == 101)
    }

    /// The expected matrices were made by another encoder.
    @Test(arguments: [
        (
            "otpauth://totp/PagerPal:ada@example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=PagerPal",
            "3fd2d4c584c220691aeaa96417ed13f3069c9066899a6257deda11559dcdcfe5"
        ),
        (String(repeating: "a", count: 200), "317a16bbe037ab2b3214eef53f24ada73e8bd8d07af6a1699c4ec20657d1af09"),
        ("x", "55801751119e939b8896ca5c2afe9a7bd15993179546bb72cba6687db3a83193"),
        (String(repeating: "y", count: 271), "3c89d1008c9275e7c6b901dd61ab9a52eef237142c420e9a4a8559d4c5dde3c8"),
    ])
    func `a QR code is the one of ISO 18004`(_ text: String, _ expected: String) throws {
        let code = try #require(QRCode(text))
        let rows = code.modules.map { row in row.map { $0 ? "1" : "0" }.joined() }
        #expect(sha256(rows.joined(separator: "\n")) == expected)
        #expect(QRCode(String(repeating: "z", count: 272)) == nil)
    }

    /// Sets a second factor up in a browser and returns its secret and recovery codes.
    private static func setUp(_ browser: Browser, _ app: TestApp) async throws -> (secret: [UInt8], codes: [String]) {
        try await browser.visit("/profile/factor")
        #expect(try await browser.send("/profile/factor", ["current": "guess"]) == 422)
        try await browser.send("/profile/factor", ["current": "correct horse ada"])
        let accounts = app.assembly.services.accounts
        let user = try #require(app.assembly.configuration.current.users["ada"])
        let secret = try #require(try await accounts.pendingFactor(of: user))
        let page = await browser.page
        #expect(page.contains("<svg class=\"qr\"") && page.contains("secret=\(OneTimePassword.base32(secret))"))
        #expect(try await browser.send("/profile/factor/confirm", ["code": "000000x"]) == 422)
        try await browser.send("/profile/factor/confirm", ["code": code(secret, app)])
        let codes = await browser.page.matches(of: /<code>(\w{4}-\w{4}-\w{4})<\/code>/).map { String($0.1) }
        #expect(codes.count == 10)
        return (secret, codes)
    }

    private static func code(_ secret: [UInt8], _ app: TestApp) -> String {
        OneTimePassword.password(secret: secret, step: app.time.now.seconds / 30)
    }

    @Test(arguments: TestDatabase.kinds)
    func `after the password a code of the app is needed, each once, or a recovery code`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let (secret, codes) = try await SecondFactorTests.setUp(browser, app)
            let stored = try await app.assembly.store.database.run("SELECT secret FROM second_factors").rows
            let sealed = try stored[0].get("secret", as: String.self)
            #expect(!sealed.contains(OneTimePassword.base32(secret)))
            let other = Browser(app)
            try await other.signIn(as: "ada")
            #expect(await other.path.hasPrefix("/login/factor"))
            try await other.visit("/dashboard")
            #expect(await other.path.hasPrefix("/login?"), "the password alone opens nothing")
            let used = SecondFactorTests.code(secret, app)
            try await other.signIn(as: "ada")
            #expect(try await other.send("/login/factor", ["code": used]) == 422, "used when it was set up")
            app.time.advance(by: .seconds(30))
            try await other.send("/login/factor", ["code": SecondFactorTests.code(secret, app)])
            #expect(await other.path == "/dashboard")
            let third = Browser(app)
            try await third.signIn(as: "ada")
            try await third.send("/login/factor", ["code": codes[0].uppercased()])
            #expect(await third.path == "/dashboard")
            let fourth = Browser(app)
            try await fourth.signIn(as: "ada")
            #expect(try await fourth.send("/login/factor", ["code": codes[0]]) == 422)
            app.time.advance(by: .minutes(6))
            try await fourth.send("/login/factor", ["code": codes[1]])
            #expect(await fourth.path == "/login", "too late")
        }
    }

    @Test func `tries of a second factor slow down, whatever number of browsers makes them`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let (secret, _) = try await SecondFactorTests.setUp(browser, app)
            var statuses: [Int] = []
            for _ in 0..<6 {
                let thief = Browser(app)
                try await thief.signIn(as: "ada")
                statuses.append(try await thief.send("/login/factor", ["code": "123456"]))
            }
            #expect(statuses.first == 422 && statuses.last == 429)
            app.time.advance(by: .minutes(5))
            try await browser.send("/logout", [:])
            try await browser.signIn(as: "ada")
            try await browser.send("/login/factor", ["code": SecondFactorTests.code(secret, app)])
            #expect(await browser.path == "/dashboard")
        }
    }

    @Test func `a new password by mail does not get around the second factor`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            _ = try await SecondFactorTests.setUp(browser, app)
            let stranger = try await Browser.resettingPassword(of: "ada", to: "a new horse battery", app)
            #expect(await stranger.path == "/login")
            try await stranger.visit("/dashboard")
            #expect(await stranger.path.hasPrefix("/login"))
        }
    }

    @Test func `who must have a second factor sets it up before anything else, in pages and in the API`() async throws {
        try await TestApp.run(.sqliteMemory, settings: { $0.secondFactorFrom = .admin }) { app in
            let admin = Browser(app)
            try await app.assembly.services.accounts.set(Secret("correct horse dana"), of: "dana", by: .system)
            try await admin.signIn(as: "dana")
            #expect(await admin.path == "/profile/factor")
            try await admin.visit("/users")
            #expect(await admin.path == "/profile/factor")
            #expect(try await admin.request("GET", "/api/v1/teams") == 403)
            let responder = try await Browser.signedIn(as: "ada", app)
            #expect(try await responder.visit("/incidents") == 200)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an administrator removes the factor of a lost phone, and the trail says so`(_ kind: TestDatabase) async throws
    {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            _ = try await SecondFactorTests.setUp(browser, app)
            let admin = try await Browser.signedIn(as: "dana", app)
            try await admin.visit("/users/ada")
            #expect(await admin.page.contains("/users/ada/factor/delete"))
            try await admin.send("/users/ada/factor/delete", [:])
            let other = Browser(app)
            try await other.signIn(as: "ada")
            #expect(await other.path == "/dashboard")
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.contains("a second factor was set up") && notes.contains("the second factor was removed"))
        }
    }
}
