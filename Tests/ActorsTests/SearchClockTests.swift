import Database
import Domain
import Logging
import Store
import Synchronization
import TestSupport
import Testing

@testable import Actors

@Suite struct SearchClockTests {
    private final class Counter: Sendable {
        private let state = Mutex((statements: 0, rests: 0))

        /// The last question before a rest is the one for blocks to delete.
        func add(_ text: String) {
            state.withLock {
                $0.statements += 1
                if text.contains("FROM search_emptied") { $0.rests += 1 }
            }
        }

        var statements: Int { state.withLock(\.statements) }
        var rests: Int { state.withLock(\.rests) }
    }

    @Test func `incidents are indexed a while after they changed, and at rest the database is asked nothing`()
        async throws
    {
        let (time, counter, bus) = (ManualTime(), Counter(), EventBus())
        let database = ProbedDatabase(try await TestDatabase.sqliteMemory.open()) { (_, text) throws(DatabaseError) in
            counter.add(text)
        }
        let store = Store(database: database, identifiers: .counting(), leaseClock: .manual { time.now })
        _ = try await store.migrate(at: time.now)
        try await add(1...300, to: database)
        let lease = try #require(try await store.acquireLease(.escalation, for: "one", lasting: .hours(9)))
        let term = LeaseTerm(asked: .zero, length: .hours(9), patience: .seconds(30))
        let held = HeldLease(lease, term, time: time.source)
        let clock = SearchClock(store: store, eventBus: bus, time: time.source, logger: Logger(label: "test"))
        let before = counter.statements
        let task = Task { await clock.run(under: held) }
        while time.sleepers.isEmpty { await Task.yield() }
        #expect(counter.statements == before, "it leaves the beginning of the duty to others")
        time.advance(by: .seconds(20))
        try await rest(1, counter, time)
        #expect(try await indexed(database) == 256)
        try await add(301...600, to: database)
        let asked = counter.statements
        time.advance(by: .hours(1))
        for _ in 0..<1_000 { await Task.yield() }
        #expect(counter.statements == asked)
        bus.publish(.incidents(["incident-600"]))
        while time.sleepers.isEmpty { await Task.yield() }
        #expect(counter.statements == asked, "it collects changes")
        time.advance(by: .seconds(5))
        try await rest(2, counter, time)
        #expect(try await indexed(database) == 512)
        task.cancel()
        await task.value
    }

    /// Lets the time of pauses pass until there is nothing to do.
    private func rest(_ count: Int, _ counter: Counter, _ time: ManualTime) async throws {
        while counter.rests < count {
            if !time.sleepers.isEmpty { time.advance(by: .milliseconds(50)) }
            await Task.yield()
        }
    }

    private func indexed(_ database: any Database) async throws -> Int {
        try await database.run("SELECT indexed_to FROM search_progress").rows[0].get("indexed_to")
    }

    private func add(_ numbers: ClosedRange<Int>, to database: any Database) async throws {
        try await database.run(
            """
            INSERT INTO incidents (id, number, version, team_id, dedup_key, title, body, severity, urgency, state,
              state_detail, is_held, links, labels, policy, cycle, alert_count, opened_at, last_alert_at, updated_at)
            WITH RECURSIVE numbers (n) AS (
              SELECT \(numbers.lowerBound) UNION ALL SELECT n + 1 FROM numbers WHERE n < \(numbers.upperBound))
            SELECT 'incident-' || n, n, 1, 'team', 'key-' || n, 'Disk ' || n, '', 'critical', 'high', 'resolved', '', 0,
              '[]', '{}', '', 1, 1, 0, 0, 0 FROM numbers
            """)
    }
}
