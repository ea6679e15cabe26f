import Actors
import Crypto
import Database
import Domain
import Foundation
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// Passkeys: registered in the profile, used after the password and in place of it.
@Suite(.serialized)
struct PasskeyTests {
    private static let address = "https://pager.example.com"

    private static func run(
        _ kind: TestDatabase = .sqliteMemory, settings change: @escaping (inout Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        try await TestApp.run(
            kind,
            settings: { settings in
                settings.baseURL = address
                change(&settings)
            }, body)
    }

    private static func authenticator(_ id: String = "credential-1") -> TestAuthenticator {
        TestAuthenticator(.es256(.init()), id: Array(id.utf8))
    }

    private static func key(_ algorithm: String) throws -> TestAuthenticator {
        switch algorithm {
        case "ES256": TestAuthenticator(.es256(.init()))
        case "EdDSA": TestAuthenticator(.ed25519(.init()))
        default: TestAuthenticator(try .rsa())
        }
    }

    /// Takes the challenge out of a page.
    private static func challenge(_ browser: Browser) async throws -> String {
        String(try #require(await browser.page.firstMatch(of: /data-challenge="([^"]+)"/)).1)
    }

    /// Registers a passkey in a browser that is signed in.
    @discardableResult
    private static func register(
        _ authenticator: TestAuthenticator, named name: String = "Phone", _ browser: Browser, _ user: UserID = "ada"
    ) async throws -> Int {
        try await browser.visit("/profile/factor")
        try await browser.send("/profile/factor/passkeys", ["current": "correct horse \(user)"])
        let fields = authenticator.create(try await challenge(browser))
        return try await browser.post("/profile/factor/passkeys/new", fields.merging(["name": name]) { $1 })
    }

    private static func signIn(_ authenticator: TestAuthenticator, _ browser: Browser) async throws -> Int {
        try await browser.visit("/login")
        return try await browser.post("/login/passkey", try authenticator.get(try await challenge(browser)))
    }

    private static func notes(_ app: TestApp) async throws -> [String] {
        try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
    }

    @Test(arguments: TestDatabase.kinds, ["ES256", "EdDSA", "RS256"])
    func `a passkey signs in alone, and is listed with its uses until it is removed`(
        _ kind: TestDatabase, _ algorithm: String
    ) async throws {
        try await PasskeyTests.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let other = try await Browser.signedIn(as: "ada", app)
            var key = try PasskeyTests.key(algorithm)
            key.handle = app.assembly.services.accounts.passkeyHandle(of: "ada")
            #expect(try await PasskeyTests.register(key, browser) == 200)
            let codes = await browser.page.matches(of: /<code>(\w{4}-\w{4}-\w{4})<\/code>/)
            #expect(codes.count == 10, "the first factor brings recovery codes")
            try await other.visit("/dashboard")
            #expect(await other.path.hasPrefix("/login"), "other sessions end")
            let guest = Browser(app)
            #expect(try await PasskeyTests.signIn(key, guest) == 200)
            #expect(await guest.path == "/dashboard")
            try await browser.visit("/profile/factor")
            let page = await browser.page
            #expect(
                page.contains("<b>Phone</b>") && page.contains("10 recovery codes") && !page.contains("not used yet"))
            let id = try #require(try await app.assembly.store.passkeys(of: "ada").first).id
            #expect(try await browser.send("/profile/factor/passkeys/\(id)/delete", ["current": "guess"]) == 422)
            try await browser.send("/profile/factor/passkeys/\(id)/delete", ["current": "correct horse ada"])
            #expect(try await app.assembly.store.passkeys(of: "ada").isEmpty)
            #expect(try await app.assembly.store.countRecoveryCodes(of: "ada") == 0)
            #expect(try await PasskeyTests.signIn(key, Browser(app)) == 422)
            let notes = try await PasskeyTests.notes(app)
            #expect(
                notes.contains("the passkey “Phone” was added") && notes.contains("the passkey “Phone” was removed"))
            #expect(notes.contains { $0.hasPrefix("signed in with the passkey “Phone”, from ") })
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `after the password a passkey or a recovery code is needed`(_ kind: TestDatabase) async throws {
        try await PasskeyTests.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            var key = PasskeyTests.authenticator()
            try await PasskeyTests.register(key, browser)
            let code = String(try #require(await browser.page.firstMatch(of: /<code>(\w{4}-\w{4}-\w{4})<\/code>/)).1)
            let other = Browser(app)
            try await other.signIn(as: "ada")
            #expect(await other.path.hasPrefix("/login/factor"))
            let page = await other.page
            #expect(page.contains("One of your recovery codes.") && page.contains("data-known=\""))
            // A touch is enough here, since the password was right.
            key.flags = TestAuthenticator.Flags.present
            let fields = try key.get(try await PasskeyTests.challenge(other))
            let stranger = Browser(app)
            try await stranger.signIn(as: "ada")
            #expect(try await stranger.post("/login/factor/passkey", fields) == 422, "another browser's challenge")
            try await other.post("/login/factor/passkey", fields)
            #expect(await other.path == "/dashboard")
            let third = Browser(app)
            try await third.signIn(as: "ada")
            try await third.send("/login/factor", ["code": code])
            #expect(await third.path == "/dashboard")
            #expect(try await app.assembly.store.countRecoveryCodes(of: "ada") == 9)
        }
    }

    @Test func `a passkey of somebody else is no second factor`() async throws {
        try await PasskeyTests.run { app in
            let ada = try await Browser.signedIn(as: "ada", app)
            let bob = try await Browser.signedIn(as: "bob", app)
            try await PasskeyTests.register(PasskeyTests.authenticator("of-ada"), ada)
            let foreign = PasskeyTests.authenticator("of-bob")
            try await PasskeyTests.register(foreign, bob, "bob")
            let thief = Browser(app)
            try await thief.signIn(as: "ada")
            #expect(
                try await thief.post("/login/factor/passkey", try foreign.get(try await PasskeyTests.challenge(thief)))
                    == 422)
        }
    }

    /// What a browser must not bring for a new passkey.
    @Test func `a new passkey is refused if anything about it is wrong`() async throws {
        try await PasskeyTests.run { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile/factor")
            #expect(try await browser.send("/profile/factor/passkeys", ["current": "guess"]) == 422)
            #expect(await !browser.page.contains("data-challenge"), "no challenge without the password")
            let good = PasskeyTests.authenticator()
            func changed(_ change: (inout TestAuthenticator) -> Void) -> TestAuthenticator {
                var key = good
                change(&key)
                return key
            }
            let damaged = Array(good.publicKey.dropLast(32)) + [UInt8](repeating: 0xff, count: 32)
            let unknown: [UInt8] = [0xa3, 1, 2, 3, 0x38, 0x22, 0x21, 0x58, 32] + [UInt8](repeating: 1, count: 32)
            let cases: [(String, (String) -> TestAuthenticator.Fields)] = [
                ("another site", { changed { $0.origin = "https://pager.example.org" }.create($0) }),
                ("another name", { changed { $0.party = "example.com" }.create($0) }),
                ("nobody there", { changed { $0.flags = TestAuthenticator.Flags.verified }.create($0) }),
                ("not verified", { changed { $0.flags = TestAuthenticator.Flags.present }.create($0) }),
                ("a frame", { changed { $0.crossOrigin = true }.create($0) }),
                ("no curve point", { good.create($0, publicKey: damaged) }),
                ("an algorithm of its own", { good.create($0, publicKey: unknown) }),
                ("more than it says", { good.create($0, publicKey: good.publicKey + [0]) }),
                ("an empty id", { changed { $0.id = [] }.create($0) }),
                ("a long id", { changed { $0.id = [UInt8](repeating: 1, count: 1_024) }.create($0) }),
                ("a challenge of its own", { _ in good.create("AAAA") }),
                (
                    "another ceremony",
                    { challenge in
                        good.create(challenge).merging(["client_data": (try? good.get(challenge))?["client_data"] ?? ""]
                        ) { $1 }
                    }
                ),
                ("no Base64", { good.create($0).merging(["attestation": "?"]) { $1 } }),
            ]
            for (name, fields) in cases {
                try await browser.visit("/profile/factor")
                try await browser.send("/profile/factor/passkeys", ["current": "correct horse ada"])
                let challenge = try await PasskeyTests.challenge(browser)
                try await browser.post("/profile/factor/passkeys/new", fields(challenge).merging(["name": "x"]) { $1 })
                #expect(try await app.assembly.store.passkeys(of: "ada").isEmpty, "\(name)")
            }
            // Any format of attestation is taken, and trusted as little as none.
            try await browser.visit("/profile/factor")
            try await browser.send("/profile/factor/passkeys", ["current": "correct horse ada"])
            let fields = good.create(try await PasskeyTests.challenge(browser), format: "packed")
            try await browser.post("/profile/factor/passkeys/new", fields.merging(["name": "x"]) { $1 })
            #expect(try await app.assembly.store.passkeys(of: "ada").count == 1)
            try await browser.post("/profile/factor/passkeys/new", fields.merging(["name": "again"]) { $1 })
            #expect(try await app.assembly.store.passkeys(of: "ada").count == 1, "its challenge is used up")
        }
    }

    @Test func `a sign-in is refused if anything about it is wrong`() async throws {
        try await PasskeyTests.run { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let good = PasskeyTests.authenticator()
            try await PasskeyTests.register(good, browser)
            func changed(_ change: (inout TestAuthenticator) -> Void) -> TestAuthenticator {
                var key = good
                change(&key)
                return key
            }
            let cases: [(String, (String) throws -> TestAuthenticator.Fields)] = [
                ("another site", { try changed { $0.origin = "https://pager.example.org" }.get($0) }),
                ("a port", { try changed { $0.origin = "https://pager.example.com:8443" }.get($0) }),
                ("another name", { try changed { $0.party = "example.com" }.get($0) }),
                ("nobody there", { try changed { $0.flags = TestAuthenticator.Flags.verified }.get($0) }),
                ("not verified", { try changed { $0.flags = TestAuthenticator.Flags.present }.get($0) }),
                (
                    "flags after signing",
                    { challenge in
                        try changed { $0.flags = TestAuthenticator.Flags.present }.get(challenge) { $0[32] |= 4 }
                    }
                ),
                ("another key", { try PasskeyTests.authenticator().get($0) }),
                ("another kind of key", { try PasskeyTests.key("EdDSA").get($0) }),
                ("somebody else's", { try changed { $0.handle = "bm9ib2R5" }.get($0) }),
                ("a frame", { try changed { $0.crossOrigin = true }.get($0) }),
                ("an unknown one", { try PasskeyTests.authenticator("credential-2").get($0) }),
                ("a challenge of its own", { _ in try good.get("AAAA") }),
                ("nothing", { _ in [:] }),
            ]
            for (name, fields) in cases {
                let guest = Browser(app)
                try await guest.visit("/login")
                let sent = try fields(try await PasskeyTests.challenge(guest))
                #expect(try await guest.post("/login/passkey", sent) == 422, "\(name)")
                try await guest.visit("/dashboard")
                #expect(await guest.path.hasPrefix("/login"), "\(name)")
            }
            let guest = Browser(app)
            try await guest.visit("/login")
            let fields = try good.get(try await PasskeyTests.challenge(guest))
            let other = Browser(app)
            try await other.visit("/login")
            #expect(try await other.post("/login/passkey", fields) == 422, "another browser's challenge")
            #expect(try await guest.post("/login/passkey", fields) == 200)
            try await guest.send("/logout", [:])
            try await guest.visit("/login")
            #expect(try await guest.post("/login/passkey", fields) == 422, "used before")
            try await guest.visit("/login")
            let late = try good.get(try await PasskeyTests.challenge(guest))
            app.time.advance(by: PasskeyChallenges.length)
            #expect(try await guest.post("/login/passkey", late) == 422, "too late")
            #expect(try await PasskeyTests.signIn(good, guest) == 200)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a counter that goes back is refused and noted`(_ kind: TestDatabase) async throws {
        try await PasskeyTests.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            var key = PasskeyTests.authenticator()
            key.counter = 7
            try await PasskeyTests.register(key, browser)
            for (counter, status): (UInt32, Int) in [(8, 200), (8, 422), (7, 422), (0, 422), (.max, 200), (.max, 422)] {
                key.counter = counter
                #expect(try await PasskeyTests.signIn(key, Browser(app)) == status, "\(counter)")
            }
            let notes = try await PasskeyTests.notes(app)
            #expect(notes.filter { $0.contains("“Phone” was refused: its counter went back") }.count == 4)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `after a revocation a passkey is a second factor, until it was used with the password`(_ kind: TestDatabase)
        async throws
    {
        try await PasskeyTests.run(kind) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let key = PasskeyTests.authenticator()
            try await PasskeyTests.register(key, browser)
            try await app.assembly.services.accounts.revokeAll(of: "ada", by: .system)
            #expect(try await PasskeyTests.signIn(key, Browser(app)) == 422)
            let other = Browser(app)
            try await other.signIn(as: "ada")
            #expect(await other.path.hasPrefix("/login/factor"), "the password alone is not enough")
            try await other.post("/login/factor/passkey", try key.get(try await PasskeyTests.challenge(other)))
            #expect(await other.path == "/dashboard")
            #expect(try await PasskeyTests.signIn(key, Browser(app)) == 200)
            // Without the right to sign in, a passkey opens nothing.
            try await app.assembly.services.accounts.dismiss("ada", by: .system)
            #expect(try await PasskeyTests.signIn(key, Browser(app)) == 422)
        }
    }

    @Test func `a half sign-in ends with a revocation`() async throws {
        try await PasskeyTests.run { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let key = PasskeyTests.authenticator()
            try await PasskeyTests.register(key, browser)
            let other = Browser(app)
            try await other.signIn(as: "ada")
            let fields = try key.get(try await PasskeyTests.challenge(other))
            try await app.assembly.services.accounts.revokeAll(of: "ada", by: .system)
            try await other.post("/login/factor/passkey", fields)
            #expect(await other.path == "/login")
        }
    }

    @Test func `nobody has more than ten, and each authenticator once`() async throws {
        try await PasskeyTests.run { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await PasskeyTests.register(PasskeyTests.authenticator("twice"), browser)
            for number in 0..<9 {
                let key = PasskeyTests.authenticator(number == 0 ? "twice" : "key \(number)")
                try await PasskeyTests.register(key, browser)
            }
            let stored = try await app.assembly.store.passkeys(of: "ada")
            #expect(stored.count == 9)
            let tenth = Passkey(
                id: "tenth", userID: "ada", credential: "t", publicKey: "k", name: "n", counter: 0,
                createdAt: app.time.now)
            #expect(try await app.assembly.store.save(tenth, limit: 10) == .saved)
            let next = Passkey(
                id: "next", userID: "ada", credential: "u", publicKey: "k", name: "n", counter: 0,
                createdAt: app.time.now)
            #expect(try await app.assembly.store.save(next, limit: 10) == .tooMany)
            let again = Passkey(
                id: "again", userID: "bob", credential: "t", publicKey: "k", name: "n", counter: 0,
                createdAt: app.time.now)
            #expect(try await app.assembly.store.save(again, limit: 10) == .known)
            try await browser.visit("/profile/factor")
            #expect(await browser.page.contains("You have 10 passkeys. Remove one first."))
        }
    }

    @Test func `who must have a second factor has one with a passkey, and an administrator removes it`() async throws {
        try await PasskeyTests.run(settings: { $0.secondFactorFrom = .admin }) { app in
            let admin = Browser(app)
            try await app.assembly.services.accounts.set(Secret("correct horse dana"), of: "dana", by: .system)
            try await admin.signIn(as: "dana")
            #expect(await admin.path == "/profile/factor")
            let key = PasskeyTests.authenticator()
            try await PasskeyTests.register(key, admin, "dana")
            #expect(try await admin.visit("/users") == 200)
            #expect(await admin.path == "/users")
            let basic = [
                (
                    name: "Authorization",
                    value: "Basic " + Data("dana@example.com:correct horse dana".utf8).base64EncodedString()
                )
            ]
            #expect(try await app.send("GET", "/api/v1/teams", headers: basic).status == 403, "no password alone")
            try await admin.visit("/users/dana")
            try await admin.send("/users/dana/factor/delete", [:])
            #expect(try await app.assembly.store.passkeys(of: "dana").isEmpty)
            #expect(try await PasskeyTests.signIn(key, Browser(app)) == 422)
        }
    }

    @Test func `where there are no passwords there are no passkeys, and none without a name`() async throws {
        try await PasskeyTests.run(settings: { settings in
            settings.companies = [
                IdentityProvider.Settings(issuer: "https://login.example.com", client: "c", secret: Secret("s"))
            ]
            settings.arePasswordsOff = true
        }) { app in
            let guest = Browser(app)
            try await guest.visit("/login")
            #expect(await !guest.page.contains("/login/passkey"))
            #expect(try await guest.send("/login/passkey", [:], token: guest.token) == 403)
        }
        try await PasskeyTests.run(settings: { $0.baseURL = "http://127.0.0.1:8000" }) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/profile/factor")
            #expect(await browser.page.contains("Passkeys need an address with https"))
            #expect(try await browser.send("/profile/factor/passkeys", ["current": "correct horse ada"]) == 422)
            try await browser.send("/logout", [:])
            try await browser.visit("/login")
            #expect(await !browser.page.contains("/login/passkey"))
        }
    }

    @Test(arguments: [
        ("https://pager.example.com", "pager.example.com", "https://pager.example.com"),
        ("https://Pager.Example.com:443/x", "pager.example.com", "https://pager.example.com"),
        ("https://pager.example.com:8443", "pager.example.com", "https://pager.example.com:8443"),
        ("http://localhost:8000", "localhost", "http://localhost:8000"),
        ("http://a.localhost:80", "a.localhost", "http://a.localhost"),
        ("http://pager.example.com", nil, nil), ("https://10.0.0.7", nil, nil), ("https://[::1]:8000", nil, nil),
        ("http://127.0.0.1:8000", nil, nil), ("pager", nil, nil),
    ])
    func `the name for passkeys is that of the base URL`(_ url: String, _ id: String?, _ origin: String?) {
        let party = RelyingParty(baseURL: url)
        #expect(party?.id == id && party?.origin == origin)
    }
}
