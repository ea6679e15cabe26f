import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct StandDownStoreTests {
    @Test(arguments: TestDatabase.available)
    func `those who were reached are told once, over the way that reached them last`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        var incident = try await fixture.open()
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(message, .accepted(reference: nil, note: nil), .sent)
        func tell(_ users: [UserID], _ changes: [PageChange] = []) async throws {
            var transition = Transition(incident, .updated)
            transition.pageChanges =
                changes.isEmpty ? [.tell(users, text: "#1 Disk full: over", at: fixture.now)] : changes
            let result = await fixture.store.commit([Commit(before: incident, transition: transition)], at: fixture.now)
            guard case .committed(let after) = result[0] else { throw DatabaseError.closed }
            incident = after
        }
        func notices() async throws -> [PageRecord] {
            try await fixture.store.pages(PageFilter()).filter {
                if case .notice = $0.page.purpose { true } else { false }
            }
        }
        try await tell(["bob"])
        #expect(try await notices().isEmpty, "Bob was not paged")
        try await tell(["ada", "bob"])
        let told = try await notices()
        #expect(told.map(\.page.userID) == ["ada"])
        #expect(told.map(\.page.purpose) == [.notice(text: "#1 Disk full: over")])
        #expect(told.map(\.page.urgency) == [.low])
        #expect(told.map(\.page.channel) == [.email])
        try await tell([], [.tellNothing])
        #expect(try await notices().map(\.page.state) == [.cancelled])
    }
}
