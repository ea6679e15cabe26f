import Database
import Domain
import Store
import TestSupport
import Testing

/// What taking back an action does to stored pages.
@Suite struct UndoStoreTests {
    private func states(_ fixture: StoreFixture, _ incident: Incident) async throws -> [String] {
        var filter = PageFilter()
        filter.incident = incident.id
        return try await fixture.store.pages(filter).map {
            "\($0.page.userID) \($0.page.state.rawValue)"
        }.sorted()
    }

    @Test(arguments: TestDatabase.available)
    func `an undone hand-over withdraws its page and queues the earlier one again, any number of times`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        var incident = try await fixture.open()
        let ada = Author.user(fixture.team.users[0])
        for _ in 1...2 {
            fixture.time.advance(by: .seconds(1))
            incident = try await fixture.commit(incident, .handOver(to: "bob"), by: ada)
            let given = try await states(fixture, incident)
            #expect(given.contains("bob queued") && given.contains("ada cancelled"), "\(kind)")
            fixture.time.advance(by: .seconds(1))
            incident = try await fixture.commit(incident, .undo, by: ada)
            let back = try await states(fixture, incident)
            #expect(!back.contains("bob queued") && back.contains("ada queued"), "\(kind)")
        }
        let stored = try #require(try await fixture.store.incident(incident.id))
        #expect(stored == incident)
        // The next turn has the number that was taken back.
        incident = try await fixture.commit(incident, .handOver(to: "bob"), by: ada)
        #expect(try await states(fixture, incident).contains("bob queued"))
        #expect(incident.cycle == 2)
    }

    @Test(arguments: TestDatabase.available)
    func `an undone snooze lets its pages leave at once`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        var incident = try await fixture.open()
        let ada = Author.user(fixture.team.users[0])
        fixture.time.advance(by: .seconds(1))
        incident = try await fixture.commit(incident, .snooze(until: fixture.now + .hours(1)), by: ada)
        #expect(try await fixture.store.nextPage([.email]) == fixture.now + .hours(1))
        fixture.time.advance(by: .seconds(5))
        incident = try await fixture.commit(incident, .undo, by: ada)
        let next = try #require(try await fixture.store.nextPage([.email]))
        #expect(next <= fixture.now)
        #expect(incident.latestDeed == nil)
    }
}
