import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct RetentionTests {
    let policy = RetentionPolicy(incidents: .days(40), audit: .days(50))

    private func count(_ table: String, _ fixture: StoreFixture) async throws -> Int {
        try await fixture.store.database.run("SELECT COUNT(*) AS count FROM \(raw: table)").rows[0].get("count")
    }

    /// Deletes batch after batch, and counts them.
    private func pruneAll(_ fixture: StoreFixture, _ lease: Lease) async throws -> (PruneCount, batches: Int) {
        var (total, batches) = (PruneCount(), 0)
        while let count = try await fixture.store.prune(policy, under: lease, at: fixture.now), !count.isEmpty {
            total += count
            batches += 1
        }
        return (total, batches)
    }

    @Test(arguments: TestDatabase.available)
    func `resolved incidents are deleted with all their rows, in small batches`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let open = try await fixture.open("open")
        for number in 0..<45 {
            let incident = try await fixture.open("old \(number)")
            if number == 0 {
                let message = try #require(try await fixture.claim(lease, limit: 1).first)
                _ = try await fixture.record(message, .accepted(reference: "r", note: nil), .sent)
            }
            _ = try await fixture.commit(incident, .resolve)
        }
        fixture.time.advance(by: .days(30))
        let young = try await fixture.commit(try await fixture.open("young"), .resolve)
        #expect(try await pruneAll(fixture, lease).batches == 0)
        fixture.time.advance(by: .days(11))
        let expected = try await fixture.store.countPrunable(policy, at: fixture.now)
        #expect(expected.incidents == 45)
        let (total, batches) = try await pruneAll(fixture, lease)
        #expect(total == expected)
        #expect(batches == 3)
        #expect(try await fixture.store.incident(open.id) != nil)
        #expect(try await fixture.store.incident(young.id) != nil)
        #expect(try await count("incidents", fixture) == 2)
        for table in ["timeline", "pages"] {
            let strays = "\(table) WHERE incident_id NOT IN (SELECT id FROM incidents)"
            #expect(try await count(strays, fixture) == 0)
        }
        #expect(try await count("attempts WHERE page_id NOT IN (SELECT id FROM pages)", fixture) == 0)
    }

    @Test(arguments: TestDatabase.available)
    func `pages without an incident are deleted after they ended`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let method = try #require(fixture.configuration.contactMethods.values.first { $0.channel == .email })
        let sent = try #require(try await fixture.store.queue(.test, to: method, at: fixture.now))
        let message = try #require(try await fixture.claim(lease, limit: 1).first)
        _ = try await fixture.record(message, .accepted(reference: "r", note: nil), .sent)
        let queued = try #require(try await fixture.store.queue(.test, to: method, at: fixture.now))
        fixture.time.advance(by: .days(41))
        #expect(try await pruneAll(fixture, lease).0.pages == 1)
        #expect(try await fixture.store.page(sent) == nil)
        #expect(try await fixture.store.page(queued) != nil)
    }

    @Test(arguments: TestDatabase.available)
    func `audit records have their own retention, and nothing is deleted under a lost lease`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        for number in 0..<600 {
            try await fixture.store.database.run(
                """
                INSERT INTO audit (id, at, author, action, subject_kind, subject_id, subject_name)
                VALUES (\("record-\(1000 + number)"), \(fixture.now), '', 'change', 'team', 't', 'T')
                """)
        }
        fixture.time.advance(by: .days(49))
        #expect(try await pruneAll(fixture, lease).0.audit == 0)
        fixture.time.advance(by: .days(2))
        let later = try #require(try await fixture.lease("two"))
        #expect(try await fixture.store.prune(policy, under: lease, at: fixture.now) == nil)
        #expect(try await pruneAll(fixture, later).0.audit == 600)
        #expect(try await count("audit", fixture) == 0)
    }

    @Test(arguments: TestDatabase.available)
    func `retention without limits deletes nothing`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.commit(try await fixture.open(), .resolve)
        fixture.time.advance(by: .days(4_000))
        let forever = RetentionPolicy(incidents: nil, audit: nil)
        #expect(try await fixture.store.prune(forever, at: fixture.now) == PruneCount())
        #expect(try await count("incidents", fixture) == 1)
    }
}
