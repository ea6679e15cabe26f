import Actors
import Domain
import Formats
import Foundation
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// What programs use in place of a session: tokens with scopes, and an account's password.
@Suite(.serialized)
struct TokenTests {
    private static func basic(_ email: String, _ password: String) -> [(name: String, value: String)] {
        [(name: "Authorization", value: "Basic \(Data("\(email):\(password)".utf8).base64EncodedString())")]
    }

    @Test(arguments: TestDatabase.kinds)
    func `each scope permits what it says and nothing more`(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(#"{"title": "Down"}"#)
            try await app.expectPages(["email ada@example.com"])
            for (scope, note, change): (APIToken.Scope, Int, Int) in [
                (.read, 403, 403), (.incidents, 200, 403), (.write, 200, 200),
            ] {
                let text = "pgp_\(scope)"
                try await app.assembly.store.save(
                    APIToken(
                        id: .init(text), userID: "dana", name: "t", hash: sha256(text), hint: "pgp_", scope: scope),
                    at: app.time.now)
                let headers = [(name: "Authorization", value: "Bearer \(text)")]
                let noted = try await app.send("POST", "/api/v1/incidents/1/notes", #"{"text": "a"}"#, headers: headers)
                #expect(noted.status == note, "\(scope): \(noted.json)")
                let changed = try await app.send("PATCH", "/api/v1/users/bob", #"{"name": "Bob"}"#, headers: headers)
                #expect(changed.status == change, "\(scope)")
                #expect(try await app.send("GET", "/api/v1/users", headers: headers).status == 200)
                #expect(try await app.assembly.store.token(hash: sha256(text), at: app.time.now)?.scope == scope)
            }
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `an account's address and password work for the API, slowed down by failures`(_ kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind) { app in
            let accounts = app.assembly.services.accounts
            try await accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let right = TokenTests.basic("ada@example.com", "correct horse ada")
            #expect(try await app.send("GET", "/api/v1/teams", headers: right).status == 200)
            #expect(try await app.send("GET", "/api/v1/teams", headers: right).status == 200)
            let own = try await app.send("PATCH", "/api/v1/users/ada", #"{"name": "A"}"#, headers: right)
            #expect(own.status == 200)
            try await accounts.set(Secret("another horse ada"), of: "ada", by: .system)
            #expect(try await app.send("GET", "/api/v1/teams", headers: right).status == 401, "the old password")
            var statuses: [Int] = []
            for number in 0..<6 {
                let wrong = TokenTests.basic("ada@example.com", "guess \(number)")
                statuses.append(try await app.send("GET", "/api/v1/teams", headers: wrong).status)
            }
            #expect(statuses.first == 401 && statuses.last == 429)
        }
    }

    @Test func `a second factor, had or required, closes the API to the password alone`() async throws {
        try await TestApp.run(.sqliteMemory, settings: { $0.secondFactorFrom = .admin }) { app in
            let accounts = app.assembly.services.accounts
            for user: UserID in ["ada", "dana"] {
                try await accounts.set(Secret("correct horse \(user)"), of: user, by: .system)
            }
            let ada = TokenTests.basic("ada@example.com", "correct horse ada")
            let dana = TokenTests.basic("dana@example.com", "correct horse dana")
            #expect(try await app.send("GET", "/api/v1/teams", headers: ada).status == 200)
            #expect(try await app.send("GET", "/api/v1/teams", headers: dana).status == 403)
        }
    }
}
