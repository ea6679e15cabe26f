import Database
import Domain
import Store
import Synchronization
import TestSupport
import Testing

@Suite struct IngestStoreTests {
    static let monitor = Heartbeat(
        id: "backup", name: "Backup", teamID: "team-ops", rhythm: .every(.minutes(10)), token: "hb_x")

    @Test(arguments: TestDatabase.available)
    func `monitors and windows are read back as they were saved`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        var cron = IngestStoreTests.monitor
        cron.rhythm = .cron(try #require(CronExpression("*/5 8-17 * * mon-fri")), timeZone: "Europe/Zagreb")
        let weekly = MaintenanceWindow(
            id: "window", name: "Upgrade", teamID: "team-ops", sources: ["source"], labels: ["a": "b"],
            span: .weekly(.init(timeZone: "UTC", weekdays: [.monday, .sunday], from: 60, to: 30)))
        try await fixture.store.change([.save(cron), .save(weekly)], at: fixture.now)
        let configuration = try await fixture.store.configuration()
        #expect(configuration.heartbeats == ["backup": cron])
        #expect(configuration.maintenanceWindows == ["window": weekly])
        try await fixture.store.change(
            [.delete(.heartbeat("backup")), .delete(.maintenanceWindow("window"))], at: fixture.now)
        #expect(try await fixture.store.configuration().heartbeats.isEmpty)
        await fixture.store.database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `a late monitor stays due until its incident is open, and a beat in between counts`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        let (store, now) = (fixture.store, fixture.now)
        try await store.change([.save(IngestStoreTests.monitor)], at: now)
        _ = try await store.changeHeartbeat("backup", at: now) { _ in .init(status: .up, lastBeatAt: now, dueAt: now) }
        let due = try #require(try await store.dueHeartbeats(at: now, limit: 10).first)
        #expect(try await store.nextHeartbeat() == now)
        let lease = try #require(try await fixture.lease())
        let late = HeartbeatState(status: .late, lastBeatAt: now, dueAt: now)
        #expect(try await store.markLate(due, under: lease) == .marked(late))
        #expect(try await store.dueHeartbeats(at: now, limit: 10) == [due])
        _ = try await store.changeHeartbeat("backup", at: now) { _ in .init(status: .up, dueAt: now + .minutes(1)) }
        #expect(try await !store.finishLate(due))
        #expect(try await store.markLate(due, under: lease) == .heard)
        _ = try await store.changeHeartbeat("backup", at: now) { _ in .init(status: .up, dueAt: now) }
        _ = try await store.markLate(due, under: lease)
        #expect(try await store.finishLate(due))
        #expect(try await store.nextHeartbeat() == nil)
        try await store.release(lease)
        _ = try await fixture.lease("two")
        #expect(try await store.markLate(due, under: lease) == .fenced)
        #expect(try await store.changeHeartbeat("gone", at: now) { $0 } == nil)
        await store.database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `only the pages that a resolution withdrew are revived`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let opened = try await fixture.open()
        fixture.time.advance(by: .minutes(1))
        let recovery = Commit(
            before: opened,
            transition: try opened.decide(
                .receive(fixture.team.event(status: .resolved)), by: .source(fixture.team.source), at: fixture.now,
                configuration: fixture.configuration))
        guard case .committed(let resolved) = await fixture.store.commit([recovery], at: fixture.now)[0] else {
            throw DatabaseError.closed
        }
        #expect(resolved.beforeResolution == opened.state)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.cancelled])
        fixture.time.advance(by: .minutes(2))
        let back = try resolved.decide(
            .resume, by: .source(fixture.team.source), at: fixture.now, configuration: fixture.configuration)
        _ = await fixture.store.commit([Commit(before: resolved, transition: back)], at: fixture.now)
        let pages = try await fixture.store.pages(PageFilter())
        #expect(pages.map(\.page.state) == [.queued])
        #expect(pages.map(\.page.dueAt) == [TestTeam.start + .minutes(2)])
        await fixture.store.database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `payloads of a deleted source are dropped without losing others`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        func record(_ id: String, _ source: String) -> PayloadRecord {
            PayloadRecord(
                id: PayloadID(id), sourceID: SourceID(source), receivedAt: fixture.now, kind: "generic",
                contentType: nil, userAgent: nil, size: 3, body: [0, 255, 7])
        }
        try await fixture.store.save([record("one", "source"), record("two", "gone"), record("three", "source")])
        #expect(
            try await fixture.store.payloads(of: "source")
                == [record("three", "source"), record("one", "source")].sorted { $0.id > $1.id })
        try await fixture.store.change([.delete(.source("source"))], at: fixture.now)
        #expect(try await fixture.store.payloads(of: "source").isEmpty)
        await fixture.store.database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `many payloads are stored in short transactions, and again without harm`(kind: TestDatabase) async throws {
        let statements = Mutex<[String]>([])
        let fixture = try await StoreFixture(
            ProbedDatabase(try await kind.open()) { _, text throws(DatabaseError) in
                statements.withLock { $0.append(text) }
            })
        let payloads = (0..<130).map { number in
            PayloadRecord(
                id: PayloadID("payload \(1000 + number)"), sourceID: "source", receivedAt: fixture.now, kind: "generic",
                contentType: nil, userAgent: "curl", size: 1,
                body: [UInt8](repeating: 7, count: number == 0 ? 1 << 20 : 1))
        }
        for _ in 1...2 {
            statements.withLock { $0 = [] }
            try await fixture.store.save(payloads)
            // The first one is as large as a transaction may be. The others are 64, 64 and 1.
            #expect(statements.withLock { $0.count { $0.hasPrefix("SELECT id FROM alert_sources") } } == 4)
            #expect(
                try await fixture.store.payloads(of: "source")
                    == payloads.suffix(PayloadRecord.Limits.perSource).reversed())
        }
        #expect(statements.withLock { $0.count { $0.hasPrefix("INSERT INTO payloads") } } == 4)
    }

    @Test(arguments: TestDatabase.available)
    func `a group's incident is found by any of its alerts`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        var event = fixture.team.event(key: #"a%_"b"#)
        event.group = DedupKey("group:one")
        let opening = Incident.open(
            id: fixture.store.identifiers.next(), event: event, severity: .critical, source: fixture.team.source,
            team: "team-ops", author: .source(fixture.team.source), at: fixture.now,
            configuration: fixture.configuration)
        _ = await fixture.store.commit([Commit(before: nil, transition: opening)], at: fixture.now)
        let found = try await fixture.store.incident(holding: event.dedupKey, of: "source")
        #expect(found?.dedupKey == DedupKey("group:one"))
        #expect(found?.alerts == [#"a%_"b"#: GroupedAlert(event)])
        #expect(try await fixture.store.incident(holding: DedupKey("a"), of: "source") == nil)
        #expect(try await fixture.store.incident(holding: event.dedupKey, of: "other") == nil)
        await fixture.store.database.close()
    }
}
