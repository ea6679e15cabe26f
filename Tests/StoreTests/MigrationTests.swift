import Database
import Domain
import TestSupport
import Testing

@testable import Store

@Suite struct MigrationTests {
    /// A database after a given number of steps.
    private func database(_ kind: TestDatabase, after steps: Int) async throws -> any Database {
        let database = try await kind.open()
        let store = Store(database: database, identifiers: .counting(), leaseClock: .database)
        _ = try await store.migrate(at: Timestamp(seconds: 0), upTo: steps)
        return database
    }

    /// A step is taken only if the one before it was: a gap would end each upgrade there, without a word.
    @Test func `the steps are numbered from 1 without a gap`() {
        #expect(Migration.all.map(\.number) == Array(1...Migration.all.count))
        #expect(Migration.all.allSatisfy { !$0.name.isEmpty })
    }

    @Test(arguments: TestDatabase.available)
    func `contact methods and their rules survive the end of the list of channels, and a new channel can be stored`(
        kind: TestDatabase
    ) async throws {
        let database = try await database(kind, after: 6)
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script(
                """
                INSERT INTO users (id, name, email, role, time_zone, locale, is_enabled, created_at)
                  VALUES ('ada', 'Ada', 'ada@example.com', 'responder', 'UTC', 'en', 1, 0);
                INSERT INTO contact_methods (id, user_id, channel, address, label, is_enabled, created_at)
                  VALUES ('m', 'ada', 'whatsapp', '+385915550101', 'Private', 1, 0);
                INSERT INTO notification_rules (id, user_id, urgency, delay, contact_method_id)
                  VALUES ('r', 'ada', 'high', 0, 'm');
                """)
        }
        let store = Store(database: database, identifiers: .counting(), leaseClock: .database)
        #expect(try await store.migrate(at: Timestamp(seconds: 0)) == .current(Migration.all.count))
        let configuration = try await store.configuration()
        #expect(configuration.contactMethods["m"]?.channel == .whatsapp)
        #expect(configuration.contactMethods["m"]?.address == "+385915550101")
        #expect(configuration.rules["ada"]?.map(\.id) == ["r"])
        let insert: SQL = """
            INSERT INTO contact_methods (id, user_id, channel, address, definition, created_at)
            VALUES ('n', 'ada', 'pigeon', 'loft 7', '', 0)
            """
        try await database.run(insert)
        await #expect(throws: DatabaseError.self) { try await database.run(insert) }
    }

    @Test(arguments: TestDatabase.available)
    func `old columns of people, teams and sources are moved into their documents`(kind: TestDatabase) async throws {
        let database = try await database(kind, after: 12)
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script(
                """
                INSERT INTO teams (id, name, default_policy_id, created_at) VALUES ('ops', 'Operations', 'p', 0);
                INSERT INTO users (id, name, email, role, time_zone, locale, is_enabled, quiet_from, quiet_to,
                    tells_hand_off, tells_shift_ahead, password_hash, created_at)
                  VALUES ('ada', 'Ada', 'ada@example.com', 'manager', 'Europe/Zagreb', 'hr', 1, 1320, 420, 0, 1, 'h', 0),
                    ('bob', 'Bob', 'bob@example.com', 'viewer', 'UTC', 'en', 0, NULL, NULL, 1, 0, NULL, 0);
                INSERT INTO memberships (team_id, user_id, position) VALUES ('ops', 'ada', 1), ('ops', 'bob', 0);
                INSERT INTO contact_methods (id, user_id, channel, address, label, is_enabled, verified_at, created_at)
                  VALUES ('m', 'ada', 'sms', '+385915550101', 'Private', 0, 77, 0);
                INSERT INTO alert_sources (id, team_id, name, kind, policy_id, default_severity, is_enabled,
                    reopen_window, auto_resolve_after, options, key_hash, key_hint, created_at)
                  VALUES ('s', 'ops', 'Probe', 'generic', 'p', 'error', 1, 600000001, NULL, '{"a":"b"}', 'hash', 'hint', 0);
                """)
        }
        let store = Store(database: database, identifiers: .counting(), leaseClock: .database)
        #expect(try await store.migrate(at: Timestamp(seconds: 0)) == .current(Migration.all.count))
        let configuration = try await store.configuration()
        #expect(store.damagedRows.all == [])
        #expect(
            configuration.teams["ops"]
                == Team(id: "ops", name: "Operations", memberIDs: ["bob", "ada"], defaultPolicyID: "p"))
        #expect(
            configuration.users["ada"]
                == User(
                    id: "ada", name: "Ada", email: "ada@example.com", role: .manager, timeZone: "Europe/Zagreb",
                    locale: "hr", quietHours: QuietHours(from: 1320, to: 420), tellsHandOff: false,
                    tellsShiftAhead: true))
        #expect(
            configuration.users["bob"]
                == User(id: "bob", name: "Bob", email: "bob@example.com", role: .viewer, isEnabled: false))
        #expect(
            configuration.contactMethods["m"]
                == ContactMethod(
                    id: "m", userID: "ada", channel: .sms, address: "+385915550101", label: "Private",
                    isEnabled: false, verifiedAt: Timestamp(microseconds: 77)))
        #expect(
            configuration.sources["s"]
                == AlertSource(
                    id: "s", name: "Probe", kind: "generic", teamID: "ops", policyID: "p", defaultSeverity: .error,
                    isEnabled: true, reopenWindow: .milliseconds(600_001), autoResolveAfter: nil,
                    options: #"{"a":"b"}"#, keyHash: "hash", keyHint: "hint"))
        #expect(try await store.passwordHash(email: "ADA@example.com")?.hash == "h")
    }

    @Test(arguments: TestDatabase.available)
    func `both duties continue from the old single lease, and its holder can write nothing more`(
        kind: TestDatabase
    ) async throws {
        let database = try await database(kind, after: 8)
        try await database.run("UPDATE leases SET holder = 'old', epoch = 41, expires_at = 0")
        let store = Store(
            database: database, identifiers: .counting(), leaseClock: .manual { Timestamp(seconds: 100) })
        #expect(try await store.migrate(at: Timestamp(seconds: 0)) == .current(Migration.all.count))
        let old = try await database.run("SELECT epoch FROM leases WHERE name = 'scheduler' AND holder = 'old'")
        #expect(old.rows.isEmpty)
        for duty in Lease.Duty.allCases {
            #expect(try await store.acquireLease(duty, for: "new", lasting: .seconds(5))?.epoch == 42)
        }
    }
}
