import Database
import TestSupport
import Testing

@Suite(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct PostgresTests {
    @Test func `other processes receive an announcement when it commits`() async throws {
        let url = try await TestDatabase.postgres.make()
        let (speaker, listener) = (try openDatabase(url), try openDatabase(url))
        var heard = listener.notifications().makeAsyncIterator()
        // Earlier notifications were not received.
        #expect(await heard.next() == .reconnected)
        await #expect(throws: DatabaseError.self) {
            try await speaker.write { (connection) throws(DatabaseError) in
                try connection.notify("rolled back")
                throw DatabaseError.decoding("stop")
            }
        }
        try await speaker.write { (connection) throws(DatabaseError) in try connection.notify("committed") }
        #expect(await heard.next() == .payload("committed"))
        await speaker.close()
        await listener.close()
    }

    @Test func `BEGIN travels with the first statement, and a failure of either leaves no transaction`() async throws {
        let database = try openDatabase(try await TestDatabase.postgres.make())
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script("CREATE TABLE notes (id BIGINT PRIMARY KEY)")
        }
        // Nothing is sent for a body without statements, whether it throws or not.
        try await database.write { (_) throws(DatabaseError) in }
        await #expect(throws: DatabaseError.closed) {
            try await database.write { (_) throws(DatabaseError) in throw DatabaseError.closed }
        }
        // The first statement and a batch are parts of the transaction, so both are undone.
        for first in ["INSERT INTO notes VALUES (1)", "INSERT INTO missing VALUES (1)"] as [SQL] {
            await #expect(throws: (any Error).self) {
                try await database.write { (connection) throws(DatabaseError) in
                    try connection.execute(first)
                    _ = try connection.batch(["INSERT INTO notes VALUES (2)", "INSERT INTO notes VALUES (2)"])
                }
            }
        }
        let batch = try await database.write { (connection) throws(DatabaseError) in
            try connection.batch(["SELECT 1 AS n", "SELECT 2 AS n"]).map { (result) throws(DatabaseError) -> Int in
                try result.rows[0].get("n")
            }
        }
        #expect(batch == [1, 2])
        let ids = try await database.write { (connection) throws(DatabaseError) in
            try (0..<2).map { (_) throws(DatabaseError) -> String in
                try connection.query("SELECT CAST(pg_current_xact_id() AS TEXT) AS id")[0].get("id")
            }
        }
        #expect(ids[0] == ids[1])
        #expect(try await database.run("SELECT id FROM notes").rows.isEmpty)
        // Outside of a transaction each statement has its own.
        let alone = try await database.read { (connection) throws(DatabaseError) in
            try (0..<2).map { (_) throws(DatabaseError) -> String in
                try connection.query("SELECT CAST(pg_current_xact_id() AS TEXT) AS id")[0].get("id")
            }
        }
        #expect(alone[0] != alone[1])
        await database.close()
    }

    @Test func `a connection that was cut while idle is replaced unnoticed`() async throws {
        let url = try await TestDatabase.postgres.make()
        let database = try openDatabase(url)
        let admin = try openDatabase(url)
        for workload in Workload.allCases {
            let id: Int = try await database.run(workload, "SELECT pg_backend_pid() AS id").rows[0].get("id")
            // Returns when the backend has ended.
            try await admin.run("SELECT pg_terminate_backend(CAST(\(id) AS INT), 5000)")
            #expect(try await database.run(workload, "SELECT 1 AS one").rows.count == 1)
        }
        await database.close()
        await admin.close()
    }

    @Test func `a connection that is cut while a statement runs is lost with its outcome, then replaced`() async throws
    {
        let url = try await TestDatabase.postgres.make()
        let database = try openDatabase(url)
        let admin = try openDatabase(url)
        let error = await #expect(throws: DatabaseError.self) {
            try await database.run("SELECT pg_terminate_backend(pg_backend_pid())")
        }
        guard case .unavailable = error else { throw error ?? .closed }
        #expect(try await database.run("SELECT 1 AS one").rows.count == 1)
        await database.close()
        await admin.close()
    }

    @Test func `a missing server is unavailable and causes no crash`() async throws {
        let database = try openDatabase(try DatabaseURL("postgresql://nobody:hunter2@127.0.0.1:1/none"))
        let error = await #expect(throws: DatabaseError.self) { try await database.run("SELECT 1") }
        guard case .unavailable(let reason) = error else { throw error ?? .closed }
        #expect(!reason.contains("hunter2"))
        await database.close()
    }
}

@Suite struct DatabaseURLTests {
    @Test(arguments: [
        ("sqlite:///data/pagerpal.db", "sqlite:///data/pagerpal.db"),
        ("sqlite:////var/lib/p.db", "sqlite:////var/lib/p.db"),
        ("sqlite::memory:", "sqlite::memory:"),
        ("postgresql://u:p%40ss@db:5433/pager?sslmode=require", "postgresql://u@db:5433/pager"),
        ("postgresql://u:p@one:5433,two/pager", "postgresql://u@one:5433,two/pager"),
        ("postgres://db/pager", "postgresql://db/pager"),
        ("postgresql+psycopg://u:p@db/pager", "postgresql://u@db/pager"),
    ])
    func `every spelling of a database URL is read, and shown without its password`(text: String, shown: String) throws
    {
        #expect(try DatabaseURL(text).redacted == shown)
    }

    @Test(arguments: [
        "", "mysql://x/y", "sqlite://", "sqlite:data.db", "postgresql:x", "postgresql://h:99999/d",
        "postgresql://h,i:0/d",
        "postgresql://h/d?nonsense=1",
    ])
    func `an invalid database URL says what to write`(text: String) {
        #expect(throws: DatabaseURLError.self) { try DatabaseURL(text) }
    }
}
