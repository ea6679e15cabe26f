import Database
import Domain
import Store
import TestSupport
import Testing

/// Deletions that meet in PostgreSQL, in all orders that leave a transaction twice before its end. `pagerpal prune` has no lease, so it
/// may delete beside a running PagerPal.
@Suite(
    .serialized, .enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct PruneRaceTests {
    private let policy = RetentionPolicy(incidents: .days(60), audit: nil)

    private func clear(_ fixture: StoreFixture) async throws {
        for table in ["pages", "incidents", "incident_statistics", "page_statistics", "search_queue"] {
            try await fixture.store.database.run("DELETE FROM \(raw: table)")
        }
        let then = fixture.now - .days(100)
        for number in 1...3 {
            try await fixture.addIncident(number, .critical, at: then, resolvedAfter: .hours(number))
            try await fixture.addSending(
                PageID("page-\(number)"), "ada", IncidentID("incident-\(number)"), at: then)
        }
    }

    private func explore(
        _ second: @escaping @Sendable (Store, StoreFixture) async throws -> Int?
    ) async throws {
        let url = try await TestDatabase.postgres.make()
        var options = DatabaseOptions()
        options.leaseDuration = .seconds(60)
        let fixture = try await StoreFixture(try openDatabase(url, options: options))
        let stepper = Stepper(actors: 2, observer: fixture.store.database)
        let stores = try (0..<2).map { index in
            Store(
                database: SteppedDatabase(try openDatabase(url, options: options), stepper, actor: index),
                identifiers: .counting("actor-\(index)"), leaseClock: fixture.store.leaseClock)
        }
        let policy = policy
        let span = fixture.now - .days(101)..<fixture.now - .days(99)
        let (orders, isComplete) = try await Stepper.explore(limit: 400) { prefix in
            try await clear(fixture)
            let operations: [@Sendable () async throws -> Void] = [
                { _ = try await stores[0].prune(policy, at: fixture.now) },
                {
                    guard let count = try await second(stores[1], fixture) else { return }
                    #expect(count == 3, "a report in between")
                },
            ]
            let (trail, hadDeadlock) = try await stepper.run(operations, prefix: prefix, switches: 2)
            let order = "the order was \(trail.map(\.chosen))"
            #expect(!hadDeadlock, "\(order)")
            let tally = try await fixture.store.tallies(ofIncidentsIn: [span], team: nil)[0]
            #expect(tally.count == 3 && tally.deleted == 3 && tally.timeToResolve == .hours(6), "\(order)")
            let hours = try await fixture.store.pageHours(of: ["ada": .utc], in: span, team: nil)
            #expect(hours["ada"]?.reduce(0, +) == 3, "\(order)")
            return trail
        }
        #expect(isComplete && orders > 15, "\(orders) orders")
        for store in stores { await store.database.close() }
        await fixture.store.database.close()
    }

    @Test func `two deletions at the same time count each incident and each page once`() async throws {
        let policy = policy
        try await explore { store, fixture in
            _ = try await store.prune(policy, at: fixture.now)
            return nil
        }
    }

    @Test func `a report during a deletion counts each incident once`() async throws {
        try await explore { store, fixture in
            let span = fixture.now - .days(101)..<fixture.now - .days(99)
            let counts = try await store.incidentCounts(of: ["source"], in: span, team: nil)
            return counts["source"]
        }
    }
}
