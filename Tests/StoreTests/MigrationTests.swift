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
            INSERT INTO contact_methods (id, user_id, channel, address, label, is_enabled, created_at)
            VALUES ('n', 'ada', 'pigeon', 'loft 7', '', 1, 0)
            """
        try await database.run(insert)
        await #expect(throws: DatabaseError.self) { try await database.run(insert) }
    }

    @Test(arguments: TestDatabase.available)
    func `both duties go on from the lease that was for both, and its holder can write nothing more`(
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
