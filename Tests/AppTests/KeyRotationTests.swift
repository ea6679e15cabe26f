import Database
import Domain
import Formats
import Foundation
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import Actors
@testable import App

/// What depends on SECRET_KEY, before, during and after its change.
@Suite(.serialized)
struct KeyRotationTests {
    private static let old = SecretKeys(Secret("the key of last year"))
    private static let both = SecretKeys(Secret("the key of this year"), previous: Secret("the key of last year"))
    private static let new = SecretKeys(Secret("the key of this year"))

    @Test
    func `links in messages, forms, known browsers and challenges of either key count, and new ones have the new key`()
    {
        let time = ManualTime()
        let parts = { (keys: SecretKeys) in
            (
                AcknowledgementLinks(secrets: keys, baseURL: ""), RequestTokens(secrets: keys),
                SecretSeal(secrets: keys),
                PasskeyChallenges(secrets: keys, keys: .system, time: time.source)
            )
        }
        let (old, both, new) = (parts(KeyRotationTests.old), parts(KeyRotationTests.both), parts(KeyRotationTests.new))
        for (maker, reader, counts) in [(old, both, true), (both, new, true), (both, both, true), (old, new, false)] {
            #expect((reader.0.message(for: maker.0.token(for: "m")) == "m") == counts)
            #expect(reader.1.formTokens(for: "c").contains(maker.1.formToken(for: "c")) == counts)
            #expect(reader.1.browserTokens(for: "ada", 1).contains(maker.1.browserToken(for: "ada", 1)) == counts)
            let challenge = maker.3.challenge(for: .signIn(browser: "b"))
            #expect((reader.3.end(of: challenge, for: .signIn(browser: "b")) != nil) == counts)
            let sealed = try? maker.2.seal([1, 2], of: "ada")
            #expect((reader.2.open(sealed ?? "", of: "ada") == [1, 2]) == counts)
        }
        #expect(both.0.address(ofMessage: "m") == new.0.address(ofMessage: "m"))
        #expect(both.1.setUpCode == new.1.setUpCode)
    }

    /// Runs PagerPal with keys on one database.
    private static func run(
        _ keys: SecretKeys, _ file: DatabaseURL, _ time: ManualTime,
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        try await TestApp.run(.sqliteMemory, time: time, url: file, secrets: keys, body)
    }

    @Test func `second factors, kept answers and open pages survive the change, and factors are sealed anew`()
        async throws
    {
        let folder = FileManager.default.temporaryDirectory.appending(path: "rotation-\(UInt64.random(in: 0...(.max)))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = DatabaseURL.sqlite(path: folder.appending(path: "a.db").path())
        let time = ManualTime()
        let secret = Array("12345678901234567890".utf8)
        let key = [(name: "Authorization", value: "Bearer \(TestApp.token)"), (name: "Idempotency-Key", value: "k-1")]
        let code = { @Sendable in OneTimePassword.password(secret: secret, step: time.now.seconds / 30) }
        try await KeyRotationTests.run(KeyRotationTests.old, file, time) { app in
            let accounts = app.assembly.services.accounts
            for user: UserID in ["ada", "bob"] {
                try await accounts.set(Secret("correct horse \(user)"), of: user, by: .system)
                let sealed = try accounts.seal.seal(secret, of: user.rawValue)
                try await app.assembly.store.saveSecondFactor(sealed, of: user, at: time.now)
                try await app.assembly.store.confirmSecondFactor(of: user, at: time.now)
            }
            #expect(try await app.send("POST", "/api/v1/teams", #"{"name": "T"}"#, headers: key).status == 201)
        }
        try await KeyRotationTests.run(KeyRotationTests.both, file, time) { app in
            let again = try await app.send("POST", "/api/v1/teams", #"{"name": "T"}"#, headers: key)
            #expect(again.status == 201 && again.response.headers["idempotency-replayed"] == "true")
            let browser = Browser(app)
            try await browser.signIn(as: "ada")
            try await browser.send("/login/factor", ["code": code()])
            #expect(await browser.path == "/dashboard")
            let renewal = try await app.assembly.services.accounts.renewSeals()
            #expect(
                renewal.renewed == 1 && renewal.current == 1 && renewal.unreadable == 0,
                "Ada's is sealed anew by its use")
        }
        time.advance(by: .minutes(1))
        try await KeyRotationTests.run(KeyRotationTests.new, file, time) { app in
            for user: UserID in ["ada", "bob"] {
                let browser = Browser(app)
                try await browser.signIn(as: user)
                try await browser.send("/login/factor", ["code": code()])
                #expect(await browser.path == "/dashboard", "\(user)")
            }
        }
        try await KeyRotationTests.run(KeyRotationTests.old, file, time) { app in
            let renewal = try await app.assembly.services.accounts.renewSeals()
            #expect(renewal.unreadable == 2)
        }
    }

    @Test(arguments: [
        (["SECRET_KEY_PREVIOUS": "old"], "SECRET_KEY"),
        (["SECRET_KEY": "same", "SECRET_KEY_PREVIOUS": "same"], "SECRET_KEY_PREVIOUS"),
    ])
    func `a key before needs a key now, and another one`(_ variables: [String: String], _ fault: String) {
        let faults = #expect(throws: SettingsFaults.self) { try Settings { variables[$0] } }
        #expect(faults?.faults.map(\.variable) == [fault])
    }
}
