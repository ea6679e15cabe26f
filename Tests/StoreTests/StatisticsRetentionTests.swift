import Database
import Domain
import TestSupport
import Testing

@testable import Store

/// Reports count what retention has deleted.
@Suite struct StatisticsRetentionTests {
    private let policy = RetentionPolicy(incidents: .days(60), audit: nil)

    private func count(_ table: String, _ fixture: StoreFixture) async throws -> Int {
        try await fixture.store.database.run("SELECT COUNT(*) AS count FROM \(raw: table)").rows[0].get("count")
    }

    private func pruneAll(_ store: Store, _ policy: RetentionPolicy, at now: Timestamp) async throws -> PruneCount {
        var total = PruneCount()
        while let count = try await store.prune(policy, at: now), !count.isEmpty { total += count }
        return total
    }

    @Test(arguments: TestDatabase.kinds, [1, 2, 3])
    func `a report says the same before, while and after its incidents are deleted`(
        kind: TestDatabase, seed: UInt64
    ) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.addHistory(150, seed: seed)
        let before = try await ReportedNumbers(fixture.store, until: fixture.now, days: 1)
        let all = before.tallies["UTC, all teams"]?.reduce(IncidentTally(), +)
        #expect(all?.count == 150 && before.deleted == 0)
        #expect(try await fixture.store.prune(policy, at: fixture.now)?.incidents == 20)
        let between = try await ReportedNumbers(fixture.store, until: fixture.now, days: 7)
        #expect(between.deleted == 20)
        let pruned = try await pruneAll(fixture.store, policy, at: fixture.now)
        #expect(pruned.incidents > 80 && pruned.pages > 80)
        let after = try await ReportedNumbers(fixture.store, until: fixture.now, days: 1)
        #expect(after == before, "seed \(seed)")
        #expect(after.deleted == pruned.incidents + 20)
        #expect(try await ReportedNumbers(fixture.store, until: fixture.now, days: 7) == between, "seed \(seed)")
    }

    @Test(
        arguments: TestDatabase.kinds,
        ["INSERT INTO incident_statistics", "INSERT INTO page_statistics", "DELETE FROM incidents", "FROM sessions"])
    func `a deletion that fails on its way counts nothing, and the next one all`(
        kind: TestDatabase, words: String
    ) async throws {
        let faults = Faults()
        let fixture = try await StoreFixture(faults.database(try await kind.open()))
        try await fixture.addHistory(40, seed: 4)
        let before = try await ReportedNumbers(fixture.store, until: fixture.now, days: 7)
        let rows = try await count("incidents", fixture)
        faults.fail(words)
        await #expect(throws: DatabaseError.self) { try await fixture.store.prune(policy, at: fixture.now) }
        #expect(faults.count > 0)
        faults.stop()
        #expect(try await count("incidents", fixture) == rows)
        #expect(try await count("incident_statistics", fixture) == 0)
        #expect(try await count("page_statistics", fixture) == 0)
        _ = try await pruneAll(fixture.store, policy, at: fixture.now)
        let after = try await ReportedNumbers(fixture.store, until: fixture.now, days: 7)
        #expect(after == before && after.deleted > 0)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a deletion whose COMMIT was not answered counts once`(kind: TestDatabase) async throws {
        let database = LosingDatabase(try await kind.open(), when: "DELETE FROM incidents")
        let fixture = try await StoreFixture(database)
        try await fixture.addHistory(40, seed: 5)
        let before = try await ReportedNumbers(fixture.store, until: fixture.now, days: 7)
        database.loseNextAnswer()
        await #expect(throws: DatabaseError.self) { try await fixture.store.prune(policy, at: fixture.now) }
        #expect(database.hasLost)
        _ = try await pruneAll(fixture.store, policy, at: fixture.now)
        #expect(try await ReportedNumbers(fixture.store, until: fixture.now, days: 7) == before)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a deletion under a lost lease counts nothing`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        try await fixture.addHistory(40, seed: 6)
        let before = try await ReportedNumbers(fixture.store, until: fixture.now, days: 7)
        fixture.time.advance(by: .seconds(60))
        let later = try #require(try await fixture.lease("two"))
        #expect(try await fixture.store.prune(policy, under: lease, at: fixture.now) == nil)
        #expect(try await count("incident_statistics", fixture) == 0)
        while let count = try await fixture.store.prune(policy, under: later, at: fixture.now), !count.isEmpty {}
        #expect(try await count("incident_statistics", fixture) > 0)
        #expect(try await ReportedNumbers(fixture.store, until: TestTeam.start, days: 7) == before)
    }

    @Test(arguments: TestDatabase.kinds)
    func `numbers of deleted people end with them, and those of deleted teams and sources stay`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        let then = fixture.now - .days(100)
        try await fixture.addIncident(
            1, .critical, at: then, resolvedAfter: .hours(1), source: "gone", team: "team-gone")
        for user in ["ada", "cleo", "nobody"] {
            try await fixture.addSending(PageID("page-\(user)"), UserID(user), "incident-1", at: then)
        }
        _ = try await pruneAll(fixture.store, policy, at: fixture.now)
        #expect(try await count("page_statistics WHERE user_id = 'nobody'", fixture) == 0)
        #expect(try await count("page_statistics", fixture) == 2)
        try await fixture.store.change([.delete(.user("cleo"))], at: fixture.now)
        #expect(try await count("page_statistics WHERE user_id = 'ada'", fixture) == 1)
        #expect(try await count("page_statistics", fixture) == 1)
        let span = TestTeam.start - .days(110)..<TestTeam.start
        #expect(try await fixture.store.tallies(ofIncidentsIn: [span], team: nil).map(\.count) == [1])
        #expect(try await fixture.store.tallies(ofIncidentsIn: [span], team: "team-gone").map(\.count) == [1])
    }

    @Test(arguments: TestDatabase.kinds)
    func `numbers are kept for their own time, and deleted in batches`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        var policy = policy
        policy.statistics = .days(90)
        // A quarter of an hour that began before the limit leaves nothing; the next one does.
        let limit = fixture.now - .days(90) + .minutes(5)
        for (number, openedAt) in [limit, limit + .minutes(15)].enumerated() {
            try await fixture.addIncident(number + 1, .info, at: openedAt, resolvedAfter: .hours(1))
            try await fixture.addSending(
                PageID("page-\(number)"), "ada", IncidentID("incident-\(number + 1)"), at: openedAt)
        }
        fixture.time.advance(by: .minutes(2))
        var expected = try await fixture.store.countPrunable(policy, at: fixture.now)
        #expect(expected.incidents == 2 && expected.statistics == 0)
        #expect(try await pruneAll(fixture.store, policy, at: fixture.now) == expected)
        #expect(try await count("incident_statistics", fixture) == 1)
        #expect(try await count("page_statistics", fixture) == 1)
        for number in 1...600 {
            try await fixture.store.database.run(
                """
                INSERT INTO page_statistics (user_id, sent_at, team_id, pages) VALUES ('bob', \(number), 'team-ops', 1)
                """)
        }
        fixture.time.advance(by: .minutes(15))
        expected = try await fixture.store.countPrunable(policy, at: fixture.now)
        #expect(expected.statistics == 602)
        #expect(try await fixture.store.prune(policy, at: fixture.now)?.statistics == 501)
        #expect(try await pruneAll(fixture.store, policy, at: fixture.now).statistics == 101)
        #expect(try await count("incident_statistics", fixture) == 0)
        #expect(try await count("page_statistics", fixture) == 0)
    }

    @Test(arguments: TestDatabase.kinds)
    func `an old database goes on: its reports say the same after an upgrade and after a deletion`(
        kind: TestDatabase
    ) async throws {
        let store = Store(
            database: try await kind.open(), identifiers: .counting("z"), leaseClock: .manual { OldDatabase.now })
        try await OldDatabase.load(into: store.database)
        #expect(try await store.migrate(at: OldDatabase.now, upTo: 41) == .behind(has: 41, needs: Migration.all.count))
        let counted = "SELECT COUNT(*) AS count FROM incidents"
        let rows: Int = try await store.database.run("\(raw: counted)").rows[0].get("count")
        #expect(try await store.migrate(at: OldDatabase.now) == .current(Migration.all.count))
        let people = Array(try await store.configuration().users.keys)
        func numbers() async throws -> ([IncidentTally], [UserID: [Int]]) {
            let span = OldDatabase.now - .days(30)..<OldDatabase.now + .days(1)
            var tallies = try await store.tallies(ofIncidentsIn: [span], team: nil)
            tallies[0].deleted = 0
            let clocks = Dictionary(people.map { ($0, LocalClock.utc) }) { $1 }
            return (tallies, try await store.pageHours(of: clocks, in: span, team: nil))
        }
        let before = try await numbers()
        #expect(before.0[0].count == rows)
        #expect(before.1.values.contains { $0.contains { $0 > 0 } })
        let pruned = try await pruneAll(store, policy, at: OldDatabase.now + .days(61))
        #expect(pruned.incidents > 0 && pruned.pages > 0)
        let after = try await numbers()
        #expect(after.0 == before.0 && after.1 == before.1)
        await store.database.close()
    }
}
