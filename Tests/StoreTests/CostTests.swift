import Database
import Domain
import Store
import TestSupport
import Testing

/// The work of what happens all the time does not grow with what is stored or queued.
///
/// It is counted in instructions of SQLite and in blocks that PostgreSQL touches. Neither depends on the machine.
/// PostgreSQL has no statistics of the rows, as at the start of a storm.
@Suite struct CostTests {
    private static let few = 5_000
    private static let many = 40_000

    @Test(arguments: TestDatabase.kinds) func `stored rows cost nothing`(on kind: TestDatabase) async throws {
        try await compare(kind) { numbers in
            """
            INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address, urgency,
              cycle, step, rule, state, queued_at, due_at, attempts, claimed_at, sent_at, epoch)
            WITH RECURSIVE numbers (n) AS (
              SELECT \(raw: "\(numbers.lowerBound)") UNION ALL SELECT n + 1 FROM numbers WHERE n < \(numbers.upperBound))
            SELECT 'stored-' || n, 'incident', (SELECT id FROM incidents ORDER BY number LIMIT 1), 'team-ops', 'ada',
              'ada-email', 'email', 'ada@example.com', 'high', n + 10, 1, 'r', 'sent', n, n, 1, n, n, 1 FROM numbers
            """
        }
    }

    @Test(arguments: TestDatabase.kinds) func `queued pages cost nothing`(on kind: TestDatabase) async throws {
        try await compare(kind) { numbers in
            """
            INSERT INTO pages (id, purpose, team_id, user_id, contact_method_id, channel, address, urgency, cycle, step,
              rule, state, queued_at, due_at, attempts)
            WITH RECURSIVE numbers (n) AS (
              SELECT \(raw: "\(numbers.lowerBound)") UNION ALL SELECT n + 1 FROM numbers WHERE n < \(numbers.upperBound))
            SELECT 'queued-' || n, 'notice', NULL, 'user-' || (n % 20), 'method-' || (n % 20), 'email', 'a@example.com',
              'low', 1, 0, 'r', 'queued', n, n, 0 FROM numbers
            """
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `stored incidents cost a search nothing, whether its text is common, rare or nowhere`(
        on kind: TestDatabase
    ) async throws {
        func work(beside count: Int) async throws -> [String: Int] {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            _ = try await fixture.open("first")
            _ = try await meter.base.run(
                """
                INSERT INTO incidents (id, number, version, source_id, team_id, dedup_key, title, body, severity, urgency,
                  state, state_detail, is_held, links, labels, policy, cycle, alert_count, opened_at, last_alert_at,
                  updated_at, alerts)
                WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < \(count))
                SELECT 'stored-' || n, n, 1, source_id, team_id, 'key-' || n,
                  'Disk of web-' || n || CASE n WHEN 77 THEN ' needle' ELSE '' END, body, severity, urgency, 'resolved',
                  state_detail, is_held, links, labels, policy, cycle, alert_count, opened_at, last_alert_at,
                  updated_at, alerts
                FROM numbers, incidents
                """)
            let indexer = Store(database: meter.base, identifiers: .counting("queue"), leaseClock: .database)
            let lease = try #require(try await indexer.acquireLease(.escalation, for: "one", lasting: .seconds(600)))
            while let batch = try await indexer.nextSearchBatch() {
                for part in 0..<batch.parts {
                    #expect(try await indexer.write(batch, part: part, under: lease, at: fixture.now))
                }
            }
            if kind == .postgres {
                // What the server does by itself, so that it knows how few are open.
                for table in ["incidents", "search_grams"] {
                    _ = try await meter.base.run("VACUUM ANALYZE \(raw: table)")
                }
            }
            var works: [String: Int] = [:]
            for (text, matches) in ["disk of": 20, "needle": 1, "zebra": 0] {
                var filter = IncidentFilter()
                (filter.text, filter.limit) = (text, 20)
                _ = try await fixture.store.incidentPage(filter)
                _ = meter.take()
                let page = try await fixture.store.incidentPage(filter)
                works[text] = meter.take().work
                #expect(page.incidents.count == matches, "\(text)")
            }
            return works
        }
        // Both leave as many incidents to compare one by one.
        let few = try await work(beside: 1_024)
        let many = try await work(beside: 20_224)
        for (text, work) in few {
            let limit = Int(Double(work) * CostMeter.allowance) + (kind == .postgres ? 60 : 100)
            #expect(many[text] ?? .max <= limit, "“\(text)”: \(work) beside few, \(many[text] ?? 0) beside many")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `attempts of pages that have left cost a look at all late pages nothing`(on kind: TestDatabase) async throws {
        try await compareLateLooks(kind, LatePageRequest(patience: .seconds(10), bundlingWindow: .seconds(10))) { _ in
            [
                """
                INSERT INTO pages (id, purpose, user_id, contact_method_id, channel, address, urgency, cycle, step, rule,
                  state, queued_at, due_at, attempts, claimed_at, sent_at)
                SELECT 'left-' || n, 'notice', 'ada', 'ada-email', 'email', 'ada@example.com', 'high', 1, 1, 'r',
                  'sent', n, n, 1, n, n FROM numbers
                """,
                """
                INSERT INTO attempts (page_id, number, at, duration, provider, result)
                SELECT 'left-' || n, 1, n, 1, 'test', 'accepted' FROM numbers
                """,
            ]
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `pages that wait to be bundled cost a look at late pages nothing`(on kind: TestDatabase) async throws {
        var request = LatePageRequest(patience: .seconds(10), bundlingWindow: .seconds(10))
        request.since = ManualTime().now + .seconds(59)
        // The first of them has just left, and the others follow in the next message.
        try await compareLateLooks(kind, request) { now in
            [
                """
                INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address, urgency,
                  cycle, step, rule, state, queued_at, due_at, attempts, claimed_at, sent_at)
                SELECT 'waiting-' || n, 'incident', (SELECT id FROM incidents LIMIT 1), 'team-ops', 'ada', 'ada-email',
                  'email', 'ada@example.com', 'high', n + 1, 1, 'r', CASE WHEN n = 1 THEN 'sent' ELSE 'queued' END,
                  \(raw: "\(now.microseconds)"), \(raw: "\((now - .seconds(12)).microseconds)"), CASE WHEN n = 1 THEN 1 ELSE 0 END,
                  CASE WHEN n = 1 THEN \(raw: "\((now - .seconds(1)).microseconds)") END, CASE WHEN n = 1 THEN \(raw: "\((now - .seconds(1)).microseconds)") END FROM numbers
                """
            ]
        }
    }

    /// The statistics are from a time when no incident was open.
    @Test(arguments: TestDatabase.kinds)
    func `open incidents cost a lookup of a key nothing`(on kind: TestDatabase) async throws {
        func work(beside count: Int) async throws -> Int {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            let incident = try await fixture.open()
            // Copies of the only incident, whose columns are all that differ.
            let columns = """
                version, source_id, team_id, title, body, severity, urgency, state_detail, is_held, links, labels, policy,
                cycle, alert_count, opened_at, last_alert_at, updated_at, alerts
                """
            func copy(_ numbers: ClosedRange<Int>, _ state: String) async throws {
                _ = try await meter.base.run(
                    """
                    INSERT INTO incidents (id, number, dedup_key, state, \(raw: columns))
                    WITH RECURSIVE numbers (n) AS (
                      SELECT \(raw: "\(numbers.lowerBound)") UNION ALL SELECT n + 1 FROM numbers
                      WHERE n < \(raw: "\(numbers.upperBound)"))
                    SELECT 'copy-' || n, n, 'copy-' || n, \(raw: "'\(state)'"), \(raw: columns)
                    FROM numbers, (SELECT * FROM incidents WHERE number = 1) AS first
                    """)
            }
            for start in stride(from: 100_001, through: 105_000, by: 2_500) {
                try await copy(start...start + 2_499, "resolved")
            }
            _ = try await meter.base.run("UPDATE incidents SET state = 'resolved' WHERE number = 1")
            if kind == .postgres { _ = try await meter.base.run("ANALYZE incidents") }
            _ = try await meter.base.run("UPDATE incidents SET state = 'triggered' WHERE number = 1")
            for start in stride(from: 1_001, to: 1_001 + count, by: 2_500) {
                try await copy(start...start + 2_499, "triggered")
            }
            let lookups = ["disk", "copy-1500", "copy-100500"].map {
                IncidentLookup(
                    sourceID: fixture.team.source.id, teamID: "team-ops", key: DedupKey($0), resolvedSince: nil)
            }
            var least = Int.max
            for _ in 0..<3 {
                _ = meter.take()
                let found = try await fixture.store.incidents(of: lookups).map { try $0.get()?.number }
                #expect(found == [incident.number, 1_500, nil])
                least = min(least, meter.take().work)
            }
            return least
        }
        let few = try await work(beside: 2_500)
        let many = try await work(beside: 20_000)
        #expect(Double(many) <= Double(few) * CostMeter.allowance + 60, "\(few) beside few, \(many) beside many")
    }

    /// Compares looks at late pages beside few and beside many rows.
    ///
    /// - Parameter rows: returns the statements that store rows from a table `numbers`.
    private func compareLateLooks(
        _ kind: TestDatabase, _ request: LatePageRequest, _ rows: (Timestamp) -> [SQL]
    ) async throws {
        func work(beside count: Int) async throws -> Int {
            let meter = try await CostMeter(kind)
            let fixture = try await StoreFixture(meter.database)
            _ = try await fixture.open()
            let now = fixture.now + .minutes(1)
            for start in stride(from: 1, through: count, by: 2_500) {
                for statement in rows(now) {
                    let end = min(start + 2_499, count)
                    let numbers: SQL = """
                        CREATE TEMPORARY TABLE numbers AS WITH RECURSIVE all_numbers (n) AS (
                          SELECT \(raw: "\(start)") AS n UNION ALL SELECT n + 1 FROM all_numbers
                          WHERE n < \(raw: "\(end)")) SELECT n FROM all_numbers
                        """
                    try await meter.base.write(.migration) { (connection) throws(DatabaseError) in
                        try connection.execute(numbers)
                        try connection.execute(statement)
                        try connection.execute("DROP TABLE numbers")
                    }
                }
            }
            // PostgreSQL now and then reads its catalogs anew.
            var least = Int.max
            for _ in 0..<3 {
                _ = meter.take()
                _ = try await fixture.store.latePages(request, at: now)
                least = min(least, meter.take().work)
            }
            return least
        }
        let few = try await work(beside: 2_500)
        let many = try await work(beside: 20_000)
        #expect(Double(many) <= Double(few) * CostMeter.allowance + 60, "\(few) beside few, \(many) beside many")
    }

    /// Measures everything beside few and beside many rows.
    private func compare(_ kind: TestDatabase, _ rows: (ClosedRange<Int>) -> SQL) async throws {
        let few = try await costs(kind, beside: CostTests.few, rows)
        let limits = few.mapValues { Int(Double($0.work) * CostMeter.allowance) + (kind == .postgres ? 60 : 100) }
        var many = try await costs(kind, beside: CostTests.many, rows)
        // Now and then PostgreSQL reads its catalogs anew, which takes 500 blocks. What grows does so every time.
        for _ in 0..<3 where many.contains(where: { $1.work > limits[$0] ?? 0 }) {
            many.merge(try await costs(kind, beside: CostTests.many, rows)) { $0.work < $1.work ? $0 : $1 }
        }
        for (name, cost) in few {
            let other = try #require(many[name])
            #expect(other.statements == cost.statements, "\(name)")
            #expect(
                other.work <= limits[name] ?? 0, "\(name): \(cost.work) beside few rows, \(other.work) beside many")
        }
    }

    private func costs(
        _ kind: TestDatabase, beside count: Int, _ rows: (ClosedRange<Int>) -> SQL
    ) async throws -> [String: (statements: Int, work: Int)] {
        let meter = try await CostMeter(kind)
        let fixture = try await StoreFixture(meter.database)
        let lease = try #require(try await fixture.lease())
        let store = fixture.store
        _ = try await fixture.open("first")
        // A busy machine must not need longer for one statement than the database allows.
        for start in stride(from: 1, through: count, by: 2_500) {
            _ = try await meter.base.run(rows(start...min(start + 2_499, count)))
        }
        var costs: [String: (statements: Int, work: Int)] = [:]
        func measure<Value>(_ name: String, _ body: () async throws -> Value) async throws -> Value {
            _ = meter.take()
            let value = try await body()
            costs[name] = meter.take()
            return value
        }
        let incident = try await measure("opening") { try await fixture.open("second") }
        let messages = try await measure("claim") { try await fixture.claim(lease) }
        let message = try #require(messages.first)
        #expect(message.pages.contains { $0.incidentID == incident.id })
        let accepted = Receipt.accepted(reference: "r", note: nil)
        _ = try await measure("record") { try await fixture.record(message, accepted, .sent) }
        _ = try await measure("acknowledgement") { try await fixture.commit(incident, .acknowledge) }
        _ = try await measure("next page") { try await store.nextPage([.email], bundlingWindow: .seconds(10)) }
        _ = try await measure("next page of all channels") { try await store.nextPage(Channel.allCases) }
        _ = try await measure("late pages") {
            try await store.latePages(
                LatePageRequest(patience: .seconds(10), bundlingWindow: .seconds(10), since: fixture.now),
                at: fixture.now)
        }
        _ = try await measure("waiting pages") { try await store.waitingPages() }
        return costs
    }
}
