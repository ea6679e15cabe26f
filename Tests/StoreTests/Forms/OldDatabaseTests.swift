import Database
import Domain
import TestSupport
import Testing

@testable import Store

/// Databases from before stored documents had versions stay readable and continue to work.
@Suite struct OldDatabaseTests {
    /// An opened old database.
    private func open(_ kind: TestDatabase, migrates: Bool = true) async throws -> Store {
        let store = Store(
            database: try await kind.open(), identifiers: .counting("z"), leaseClock: .manual { OldDatabase.now })
        try await OldDatabase.load(into: store.database)
        if migrates {
            #expect(try await store.migrate(at: OldDatabase.now) == .current(Migration.all.count))
        }
        return store
    }

    @Test(arguments: TestDatabase.available)
    func `everything can be read`(kind: TestDatabase) async throws {
        let store = try await open(kind)
        try await expectConfiguration(of: store)
        let incidents = try await incidents(of: store)
        #expect(incidents.count == 31)
        try expectStates(of: incidents)
        var entries = 0
        for incident in incidents.values { entries += try await store.timeline(of: incident.id).count }
        #expect(entries == 159)
        let configuration = try await store.configuration()
        var payloads = 0
        for source in configuration.sources.keys { payloads += try await store.payloads(of: source).count }
        #expect(payloads == 45)
        var filter = AuditFilter()
        filter.limit = 200
        let audit = try await store.audit(filter)
        #expect(audit.count == 52)
        for record in audit {
            for text in [record.before, record.after].compactMap(\.self) {
                #expect(throws: Never.self) { _ = try record.subject.kind.form.init(storedText: text) }
            }
        }
        #expect(try await store.pages(PageFilter()).count == 50)
        #expect(try await store.heartbeatStates().count == 7)
        #expect(try await store.duties().values.allSatisfy { $0.count == 1 })
        await store.database.close()
    }

    private func expectConfiguration(of store: Store) async throws {
        let configuration = try await store.configuration()
        let later = try #require(configuration.policies.values.first { $0.name == "Later" })
        #expect(later.steps.map(\.delay) == [.seconds(780), .seconds(900)])
        let many = try #require(configuration.policies.values.first { $0.name == "Many targets" })
        #expect(many.routes.map(\.labels) == [["tier": "2", "zone": "eu \"west\""], ["route": "slow"]])
        let storage = try #require(configuration.schedules.values.first { $0.name == "Storage" })
        #expect(storage.layers.map(\.firstPlace) == [0, 0])
        #expect(storage.layers[0].participants.map { $0 == nil } == [false, false, true, false])
        #expect(storage.overrides.count == 4)
        #expect(configuration.heartbeats.count == 8)
        #expect(configuration.maintenanceWindows.values.map(\.name).sorted() == ["Sundays", "Upgrade of “db”"])
    }

    private func expectStates(of incidents: [String: Incident]) throws {
        let snoozed = try #require(incidents["Snoozed"])
        guard case .triggered(.snoozed(_, _, let left)) = snoozed.state else {
            Issue.record("it is not snoozed: \(snoozed.state)")
            return
        }
        #expect(left > .seconds(779) && left <= .seconds(780))
        #expect(incidents["Held"]?.isHeld == true)
        #expect(incidents["Exhausted"]?.state == .triggered(.exhausted))
        #expect(incidents["Slow db-1"]?.firingAlerts == 2)
        #expect(incidents["Due"]?.labels == ["host": "db-1", "zone": "eu \"west\""])
        #expect(incidents["Due"]?.links.map(\.url) == ["https://grafana.example.com/d/1"])
        for before in ["due", "acknowledged", "snoozed"] {
            #expect(incidents["Resolved when \(before)"]?.beforeResolution != nil)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `all documents are rewritten, and everything queried has a column`(kind: TestDatabase) async throws {
        let store = try await open(kind)
        for table in RewrittenTable.all {
            let columns = (["id"] + table.columns).joined(separator: ", ")
            let left = try await store.database.read { (connection) throws(DatabaseError) in
                let statements = try connection.query("SELECT \(raw: columns) FROM \(raw: table.name)").map(
                    table.statements)
                return statements.joined().count { $0.text.contains("AND") }
            }
            #expect(left == 0, "\(table.name) has documents of an earlier version")
        }
        let incidents = try await incidents(of: store)
        #expect(try await held(in: store) == [try #require(incidents["Held"]).id])
        let group = try #require(incidents["Slow db-1"])
        let source = try #require(group.sourceID)
        #expect(try await store.incident(holding: DedupKey("db-2"), of: source)?.id == group.id)
        #expect(try await store.incident(holding: DedupKey("web-1"), of: source) == nil)
        var filter = AuditFilter()
        filter.author = try await store.configuration().users.values.first { $0.name == "Dana" }?.id
        #expect(try await store.audit(filter).count > 40)
        await store.database.close()
    }

    private func held(in store: Store) async throws -> [IncidentID] {
        try await store.database.run("SELECT id FROM incidents WHERE is_held = 1").rows.map { try $0.get("id") }
    }

    @Test(arguments: TestDatabase.available)
    func `an old database continues: it escalates, acknowledges, resumes and resolves`(kind: TestDatabase) async throws
    {
        let store = try await open(kind)
        let configuration = try await store.configuration()
        let incidents = try await incidents(of: store)
        let later = OldDatabase.now + .hours(25)
        let due = try await store.dueIncidents(at: later, limit: 100)
        #expect(due.count == 20)
        for id in due {
            let incident = try #require(try await store.incident(id))
            let after = try await decide(
                .escalationDue(wasReached: true), on: incident, store, configuration, at: later)
            #expect(after.version == incident.version + 1)
        }
        for incident in incidents.values where incident.isOpen {
            let current = try #require(try await store.incident(incident.id))
            if !current.isOpen { continue }
            let owned = try await decide(.acknowledge, on: current, store, configuration, at: later)
            let resolved = try await decide(.resolve, on: owned, store, configuration, at: later)
            #expect(try await store.incident(incident.id) == resolved)
        }
        for before in ["due", "acknowledged", "snoozed"] {
            let incident = try #require(incidents["Resolved when \(before)"])
            let resumed = try await decide(.resume, on: incident, store, configuration, at: later)
            #expect(try await store.incident(incident.id) == resumed)
        }
        #expect(try await held(in: store) == [])
        let keys = try await store.database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT alert_key FROM alert_keys").count
        }
        #expect(keys == 0)
        await store.database.close()
    }

    @Test(arguments: TestDatabase.kinds)
    func `the rewrite continues where it stopped`(kind: TestDatabase) async throws {
        let store = try await open(kind, migrates: false)
        let number = Migration.rewriteOfDocuments.number
        _ = try await store.migrate(at: OldDatabase.now, upTo: number - 1)
        let rewrite = DocumentRewrite(batch: 7)
        var calls = 0
        // Rewrite a few batches, each in its own transaction. Then another process does the rest.
        while calls < 12 {
            let isDone = try await store.database.write { (connection) throws(DatabaseError) in
                try rewrite.next(on: connection)
            }
            #expect(!isDone)
            calls += 1
        }
        #expect(try await store.schemaState() == .behind(has: number - 1, needs: Migration.all.count))
        // Rewritten and other documents can both be read.
        let states = try await store.database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT id, state_detail FROM incidents").map { (row) throws(DatabaseError) in
                try row.document("state_detail", of: "incidents") as Incident.State
            }
        }
        #expect(states.count == 31)
        #expect(try await store.migrate(at: OldDatabase.now) == .current(Migration.all.count))
        let old = try await store.database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT id FROM timeline WHERE event NOT LIKE '{\"version\":1,%'").count
        }
        #expect(old == 0)
        await store.database.close()
    }

    @Test(arguments: TestDatabase.kinds)
    func `documents that an earlier PagerPal writes after the rewrite can be read`(kind: TestDatabase) async throws {
        let store = try await open(kind)
        let incident = try #require(try await incidents(of: store)["Due"])
        try await store.database.run(
            """
            UPDATE incidents SET state_detail = '{"triggered":{"_0":{"due":{"_0":{"round":0,"step":1},"at":77}}}}',
              alerts = '{}' WHERE id = \(incident.id)
            """)
        let state = Incident.State.triggered(.due(.init(step: 1, round: 0), at: Timestamp(microseconds: 77)))
        #expect(try await store.incident(incident.id)?.state == state)
        await store.database.close()
    }

    /// All incidents by title.
    private func incidents(of store: Store) async throws -> [String: Incident] {
        var filter = IncidentFilter()
        filter.limit = 200
        return Dictionary(try await store.incidents(filter).map { ($0.title, $0) }) { $1 }
    }

    private func decide(
        _ command: Command, on incident: Incident, _ store: Store, _ configuration: Configuration, at now: Timestamp
    ) async throws -> Incident {
        let transition = try incident.decide(command, by: .system, at: now, configuration: configuration)
        let commit = Commit(before: incident, transition: transition)
        guard case .committed(let after) = await store.commit([commit], at: now)[0] else { throw DatabaseError.closed }
        return after
    }
}
