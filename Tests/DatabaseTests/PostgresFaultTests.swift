import Database
import Dispatch
import Synchronization
import TestSupport
import Testing

/// How PagerPal reacts when PostgreSQL is changed, busy or demoted while a process runs.
@Suite(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct PostgresFaultTests {
    /// A database with one connection per workload, and a second database next to it.
    private func open() async throws -> (database: any Database, other: any Database) {
        var options = DatabaseOptions()
        options.connections = 1
        // While all tests start at once, minutes may pass until one goes on.
        options.waitTimeout = .seconds(120)
        let url = try await TestDatabase.postgres.make()
        let database = try openDatabase(url, options: options)
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script(
                "CREATE TABLE things (id BIGINT PRIMARY KEY, name TEXT); INSERT INTO things VALUES (1, 'a'), (2, 'b')")
        }
        return (database, try openDatabase(url))
    }

    @Test func `a statement that was prepared before a change of the schema works after it`() async throws {
        let (database, other) = try await open()
        let look: SQL = "SELECT * FROM things ORDER BY id"
        for change in ["ADD COLUMN note TEXT", "ALTER COLUMN name TYPE VARCHAR(99)", "DROP COLUMN note"] {
            #expect(try await database.run(look).rows.count == 2)
            try await other.run("ALTER TABLE things \(raw: change)")
            let rows = try await database.read { (connection) throws(DatabaseError) in try connection.query(look) }
            #expect(rows.count == 2)
        }
        try await other.run("ALTER TABLE things ADD COLUMN size BIGINT")
        let changed = try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("UPDATE things SET name = 'c' WHERE id = 1")
            return try connection.query(look).count
        }
        #expect(changed == 2)
    }

    @Test func `a statement that the server has forgotten is prepared again`() async throws {
        let (database, _) = try await open()
        #expect(try await database.run("SELECT name FROM things").rows.count == 2)
        try await database.read { (connection) throws(DatabaseError) in try connection.script("DEALLOCATE ALL") }
        #expect(try await database.run("SELECT name FROM things").rows.count == 2)
    }

    @Test func `lists of all lengths make few prepared statements`() async throws {
        let (database, _) = try await open()
        for length in 1...100 {
            let found = try await database.run("SELECT id FROM things WHERE id IN \(list: Array(1...length))")
            #expect(found.rows.count == min(length, 2))
        }
        let kept = try await database.run(
            "SELECT COUNT(*) AS count FROM pg_prepared_statements WHERE statement LIKE '%FROM things WHERE id IN%'")
        #expect(try kept.rows[0].get("count", as: Int.self) == 9)
    }

    @Test func `two transactions that deadlock both finish`() async throws {
        let url = try await TestDatabase.postgres.make()
        let database = try openDatabase(url)
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script("CREATE TABLE things (id BIGINT, n BIGINT); INSERT INTO things VALUES (1, 0), (2, 0)")
        }
        let (arrived, tries) = (Count(), Count())
        let meet = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (first, second) in [(1, 2), (2, 1)] {
                group.addTask {
                    try await database.write { (connection) throws(DatabaseError) in
                        _ = tries.next()
                        try connection.execute("UPDATE things SET n = n + 1 WHERE id = \(first)")
                        // Both hold their first row before either asks for its second.
                        let number = arrived.next()
                        if number == 1 { meet.wait() } else if number == 2 { meet.signal() }
                        try connection.execute("UPDATE things SET n = n + 1 WHERE id = \(second)")
                    }
                }
            }
            try await group.waitForAll()
        }
        // One of them was tried again. A slow machine may need more.
        #expect(tries.next() >= 4)
        let rows = try await database.run("SELECT n FROM things").rows
        #expect(try rows.map { try $0.get("n", as: Int.self) } == [2, 2])
    }

    @Test func `a read-only server is unavailable, and its connection is replaced`() async throws {
        let (database, _) = try await open()
        try await database.read { (connection) throws(DatabaseError) in
            try connection.script("SET default_transaction_read_only = on")
        }
        let error = await #expect(throws: DatabaseError.self) { try await database.run("DELETE FROM things") }
        guard case .unavailable = error else { throw error ?? .closed }
        #expect(try await database.run("DELETE FROM things").affected == 2)
    }

    @Test func `of several servers the first writable one is used`() async throws {
        let url = try await TestDatabase.postgres.make()
        guard case .postgres = url else { return }
        let address = url.redacted
        let server = try #require(address.firstIndex(of: "@")).utf16Offset(in: address) + 1
        let several = String(address.prefix(server)) + "127.0.0.1:1," + String(address.dropFirst(server))
        let database = try openDatabase(try DatabaseURL(several))
        #expect(try await database.run("SELECT 1 AS one").rows.count == 1)
    }

    @Test func `no session compiles its statements`() async throws {
        let (database, _) = try await open()
        for workload in Workload.allCases {
            let rows = try await database.run(workload, "SELECT current_setting('jit') AS value").rows
            #expect(try rows[0].get("value", as: String.self) == "off")
        }
    }

    @Test func `a commit waits for the disk, whatever the server's default is`() async throws {
        let url = try await TestDatabase.postgres.make()
        let admin = try openDatabase(url)
        let name: String = try await admin.run("SELECT CAST(current_database() AS TEXT) AS name").rows[0].get("name")
        for (setting, value) in [
            ("synchronous_commit", "off"), ("default_transaction_isolation", "serializable"),
        ] {
            try await admin.run("ALTER DATABASE \(raw: name) SET \(raw: setting) = '\(raw: value)'")
        }
        let database = try openDatabase(url)
        for (setting, value) in [("synchronous_commit", "on"), ("transaction_isolation", "read committed")] {
            let rows = try await database.run("SELECT current_setting('\(raw: setting)') AS value").rows
            #expect(try rows[0].get("value", as: String.self) == value)
        }
    }

    @Test func `slow reports delay no lease, commit or dispatch`() async throws {
        let (database, other) = try await open()
        let gate = DispatchSemaphore(value: 0)
        let (started, continuation) = AsyncStream<Void>.makeStream()
        let slow: [Workload] = [.report, .report, .report, .interactive, .interactive]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for workload in slow {
                group.addTask {
                    try await database.read(workload) { _ in
                        continuation.yield()
                        gate.wait()
                    }
                }
            }
            // Two report connections and one interactive connection are all in use.
            var count = 0
            for await _ in started {
                count += 1
                if count == 3 { break }
            }
            for workload in [Workload.lease, .commit, .dispatch] {
                #expect(try await database.run(workload, "UPDATE things SET name = 'x'").affected == 2)
            }
            for _ in slow { gate.signal() }
            try await group.waitForAll()
        }
        await other.close()
    }
}

/// Counts calls.
private final class Count: Sendable {
    private let value = Mutex(0)

    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
