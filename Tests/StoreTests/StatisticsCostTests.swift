import Database
import Domain
import Store
import TestSupport
import Testing

/// The work of reports and of retention grows with the span and with what is deleted, not with what is stored.
@Suite struct StatisticsCostTests {
    @Test(arguments: TestDatabase.kinds)
    func `what is stored of another time costs a report nothing, nor a deletion`(on kind: TestDatabase) async throws {
        let few = try await costs(kind, beside: 2_000)
        let many = try await costs(kind, beside: 20_000)
        for (name, work) in few {
            let limit = Int(Double(work) * 1.25) + (kind == .postgres ? 60 : 100)
            #expect(many[name] ?? .max <= limit, "\(name): \(work) beside few, \(many[name] ?? 0) beside many")
        }
    }

    /// The work beside a number of stored rows of an earlier time: instructions of SQLite, or blocks of PostgreSQL.
    private func costs(_ kind: TestDatabase, beside count: Int) async throws -> [String: Int] {
        let database: any Database
        let take: () -> Int
        if kind == .postgres {
            var options = DatabaseOptions()
            options.leaseDuration = .seconds(60)
            let explained = ExplainedDatabase(try openDatabase(try await kind.make(), options: options))
            (database, take) = (explained, { explained.take() })
        } else {
            let meter = StatementMeter()
            var options = DatabaseOptions()
            options.meter = meter
            database = try openDatabase(try DatabaseURL("sqlite::memory:"), options: options)
            take = { meter.take().steps }
        }
        let fixture = try await StoreFixture(database)
        let store = fixture.store
        try await addEarlier(count, to: fixture)
        for number in 1...20 {
            let openedAt = fixture.now - .days(100) + .hours(number)
            try await fixture.addIncident(number, .error, at: openedAt, resolvedAfter: .hours(1))
            try await fixture.addSending(
                PageID("page-\(number)"), "ada", IncidentID("incident-\(number)"), at: openedAt)
        }
        var works: [String: Int] = [:]
        func measure<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
            _ = take()
            let value = try await body()
            works[name] = take()
            return value
        }
        let span = fixture.now - .days(110)..<fixture.now
        let policy = RetentionPolicy(incidents: .days(60), audit: nil, statistics: .days(3650))
        let pruned = try await measure("a deletion") { try await store.prune(policy, at: fixture.now) }
        #expect(pruned?.incidents == 20)
        let tallies = try await measure("incidents") { try await store.tallies(ofIncidentsIn: [span], team: nil) }
        #expect(tallies.map(\.count) == [20])
        let sources = try await measure("sources") {
            try await store.incidentCounts(of: ["source"], in: span, team: nil)
        }
        #expect(sources == ["source": 20])
        let hours = try await measure("pages") { try await store.pageHours(of: ["ada": .utc], in: span, team: nil) }
        #expect(hours["ada"]?.reduce(0, +) == 20)
        return works
    }

    /// Adds a row of numbers for each quarter of an hour, the last one 200 days ago, and a stored incident with a page.
    private func addEarlier(_ count: Int, to fixture: StoreFixture) async throws {
        let last = fixture.now - .days(200)
        let time: SQL = "\(last) - CAST(n AS BIGINT) * 900000000"
        for start in stride(from: 0, to: count, by: 2_500) {
            let end = min(start + 2_500, count) - 1
            let numbers = """
                WITH RECURSIVE numbers (n) AS (
                  SELECT \(start) UNION ALL SELECT n + 1 FROM numbers WHERE n < \(end))
                """
            let statements: [SQL] = [
                """
                INSERT INTO incident_statistics (opened_at, team_id, source_id, severity, incidents, acknowledged,
                  time_to_acknowledge, time_to_resolve)
                \(raw: numbers) SELECT \(time), 'team-ops', 'source', 'info', 1, 1, 1, 1 FROM numbers
                """,
                """
                INSERT INTO page_statistics (user_id, sent_at, team_id, pages)
                \(raw: numbers) SELECT 'ada', \(time), 'team-ops', 1 FROM numbers
                """,
                """
                INSERT INTO incidents (id, number, version, source_id, team_id, dedup_key, title, body, severity, urgency,
                  state, state_detail, links, labels, policy, cycle, alert_count, opened_at, last_alert_at, updated_at)
                \(raw: numbers) SELECT 'stored-' || n, n + 1000, 1, 'source', 'team-ops', 'stored-' || n, 'Title', '',
                  'info', 'low', 'triggered', '{}', '[]', '{}', '{}', 1, 1, \(time), 1, 1 FROM numbers
                """,
                """
                INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address,
                  urgency, cycle, step, rule, state, queued_at, due_at, attempts, sent_at)
                \(raw: numbers) SELECT 'stored-' || n, 'incident', 'stored-' || n, 'team-ops', 'ada', 'method', 'email',
                  'address', 'low', 1, 0, 'r', 'sent', 1, 1, 1, \(time) FROM numbers
                """,
            ]
            for statement in statements { try await fixture.store.database.run(statement) }
        }
    }
}
