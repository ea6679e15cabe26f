import Database
import Domain
import Store
import TestSupport
import Testing

/// Company accounts and the users to whom they belong.
@Suite struct IdentityStoreTests {
    @Test(arguments: TestDatabase.available)
    func `a user belongs to one account of the services in use`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let (corp, partner) = ("https://login.corp.example", "https://login.partner.example")
        let both: Set = [corp, partner]
        for (issuer, subject, user, among, isLinked) in [
            (partner, "p-1", "ada", both, true), (partner, "p-1", "ada", both, true),
            (partner, "p-2", "ada", both, false),
            (corp, "p-1", "ada", both, false), (partner, "p-1", "bob", both, false), (corp, "p-1", "bob", both, true),
            // A service that is not in use any more stands in nobody's way.
            (corp, "c-1", "ada", [corp], true),
        ] as [(String, String, UserID, Set<String>, Bool)] {
            let done = try await fixture.store.link(
                issuer: issuer, subject: subject, to: user, among: among, at: fixture.now)
            #expect(done == isLinked, "\(issuer) \(subject) \(user)")
        }
        #expect(try await fixture.store.identity(issuer: partner, subject: "p-1") == "ada")
        #expect(try await fixture.store.identity(issuer: corp, subject: "p-1") == "bob")
        #expect(try await fixture.store.issuers(of: "ada") == both)
    }

    @Test(arguments: TestDatabase.available)
    func `of several services that name a user at once, one gets the user`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let issuers = Set((1...8).map { "https://\($0).example" })
        for user in ["ada", "bob", "cleo", "dana"] as [UserID] {
            let linked = try await withThrowingTaskGroup(of: Bool.self) { group in
                for issuer in issuers {
                    group.addTask {
                        try await fixture.store.link(
                            issuer: issuer, subject: user.rawValue, to: user, among: issuers, at: fixture.now)
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(linked == 1, "\(user)")
        }
    }
}
