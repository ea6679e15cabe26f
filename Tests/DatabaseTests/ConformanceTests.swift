import Database
import TestSupport
import Testing

/// Behaviour that both databases share.
@Suite struct ConformanceTests {
    func open(_ kind: TestDatabase) async throws -> any Database {
        // A slow disk makes many writers wait.
        var options = DatabaseOptions()
        options.waitTimeout = .seconds(60)
        let database = try openDatabase(try await kind.make(), options: options)
        let isPostgres = database.dialect.name == "postgres"
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script(
                """
                CREATE TABLE things (id \(isPostgres ? "BIGINT" : "INTEGER") PRIMARY KEY, name TEXT NOT NULL UNIQUE,
                  note TEXT, amount \(isPostgres ? "DOUBLE PRECISION" : "REAL"), raw \(isPostgres ? "BYTEA" : "BLOB"),
                  CHECK (id < 1000000 OR id > 2000000))\(isPostgres ? "" : " STRICT")
                """)
        }
        return database
    }

    @Test(arguments: TestDatabase.available)
    func `every kind of value comes back as it went in`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        let texts = ["", "plain", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467} žšč", "a'b\"c\\d$1", "line\nline\r\n\t"]
        let numbers = [Int64.min, -1, 0, 1, Int64.max]
        let blobs: [[UInt8]] = [[], [0], Array(0...255), [0x5c, 0x78]]
        for (index, text) in texts.enumerated() {
            try await database.write { (connection) throws(DatabaseError) in
                try connection.execute(
                    """
                    INSERT INTO things (id, name, note, amount, raw)
                    VALUES (\(index), \(text), \(String?.none), \(1.5), \(blobs[index % blobs.count]))
                    """)
            }
        }
        for number in numbers where number != 0 && number != 1 {
            try await database.run("INSERT INTO things (id, name) VALUES (\(number), \("n\(number)"))")
        }
        let rows = try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT * FROM things ORDER BY id")
        }
        for (index, text) in texts.enumerated() {
            let row = try #require(try rows.first { try $0.get("id", as: Int.self) == index })
            #expect(try row.get("name", as: String.self) == text)
            #expect(try row.get("note", as: String?.self) == nil)
            #expect(try row.get("amount", as: Double.self) == 1.5)
            #expect(try row.get("raw", as: [UInt8].self) == blobs[index % blobs.count])
        }
        #expect(try Set(rows.map { try $0.get("id", as: Int64.self) }).isSuperset(of: numbers))
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `a transaction whose body throws changes nothing`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        await #expect(throws: DatabaseError.decoding("stop")) {
            try await database.write { (connection) throws(DatabaseError) in
                try connection.execute("INSERT INTO things (id, name) VALUES (\(1), \("one"))")
                throw DatabaseError.decoding("stop")
            }
        }
        #expect(try await count(database) == 0)
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `a refused value says which rule it breaks`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        try await database.run("INSERT INTO things (id, name) VALUES (1, 'one')")
        let cases: [(SQL, DatabaseError.ConstraintKind)] = [
            ("INSERT INTO things (id, name) VALUES (2, 'one')", .unique),
            ("INSERT INTO things (id, name) VALUES (1500000, 'x')", .check),
            ("INSERT INTO things (id, name) VALUES (3, NULL)", .notNull),
        ]
        for (statement, expected) in cases {
            let error = await #expect(throws: DatabaseError.self) { try await database.run(statement) }
            guard case .constraint(let found, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(found == expected)
        }
        let zero = await #expect(throws: DatabaseError.self) {
            try await database.run("INSERT INTO things (id, name) VALUES (\(9), \("a\0b"))")
        }
        #expect(zero == .invalidValue("a text holds U+0000"))
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `a batch answers in order, and one fault undoes the whole batch`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        let inserts = (0..<450).map { index -> SQL in "INSERT INTO things (id, name) VALUES (\(index), \("n\(index)"))"
        }
        try await database.write { (connection) throws(DatabaseError) in
            let results = try connection.batch(inserts + ["UPDATE things SET note = 'x' WHERE id < \(10) RETURNING id"])
            #expect(results.count == 451)
            #expect(results.last?.affected == 10)
            #expect(results.last?.rows.count == 10)
        }
        await #expect(throws: DatabaseError.self) {
            try await database.write { (connection) throws(DatabaseError) in
                _ = try connection.batch([
                    "DELETE FROM things WHERE id = \(1)", "INSERT INTO things (id, name) VALUES (2, 'twice')",
                    "DELETE FROM things WHERE id = \(3)",
                ])
            }
        }
        #expect(try await count(database) == 450)
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `concurrent writers lose none of each other's changes`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        try await database.run("INSERT INTO things (id, name, note) VALUES (1, 'one', '0')")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await database.write { (connection) throws(DatabaseError) in
                        let lock = database.dialect.lockForUpdate
                        let text: String = try connection.query("SELECT note FROM things WHERE id = 1 \(lock)")[0].get(
                            "note")
                        try connection.execute("UPDATE things SET note = \(String((Int(text) ?? 0) + 1)) WHERE id = 1")
                    }
                }
            }
            try await group.waitForAll()
        }
        let note = try await database.read { (connection) throws(DatabaseError) -> String in
            try connection.query("SELECT note FROM things")[0].get("note")
        }
        #expect(note == "100")
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `pieces and lists of SQL keep their values in order`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        try await database.run("INSERT INTO things (id, name) VALUES (1, 'a'), (2, 'b'), (3, 'c')")
        let condition: SQL = "name <> \("a") AND id IN \(list: [1, 2])"
        let names = try await database.read { (connection) throws(DatabaseError) -> [String] in
            try connection.query("SELECT name FROM things WHERE \(condition) AND id < \(3)").map {
                (row) throws(DatabaseError) in try row.get("name")
            }
        }
        #expect(names == ["b"])
        let none = try await database.run("SELECT name FROM things WHERE id IN \(list: [Int]())")
        #expect(none.rows.isEmpty)
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `columns that are missing or of another kind are named`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        try await database.run("INSERT INTO things (id, name) VALUES (1, 'a')")
        let row = try await database.run("SELECT id, name FROM things").rows[0]
        #expect(throws: DatabaseError.self) { try row.get("nothing", as: Int.self) }
        let error = #expect(throws: DatabaseError.self) { try row.get("name", as: Int.self) }
        #expect(error?.description.contains("column name") == true)
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `the database's clock is the present in microseconds`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        let now = database.dialect.now
        let row = try await database.run("SELECT \(now) AS now").rows[0]
        // Between 2026 and 2100. A wrong unit would be off by a factor of a thousand.
        #expect((1_767_225_600_000_000..<4_102_444_800_000_000).contains(try row.get("now", as: Int64.self)))
        await database.close()
    }

    @Test(arguments: TestDatabase.available)
    func `a closed database says so`(kind: TestDatabase) async throws {
        let database = try await open(kind)
        await database.close()
        await #expect(throws: DatabaseError.closed) { try await database.run("SELECT 1") }
    }

    private func count(_ database: any Database) async throws -> Int {
        try await database.run("SELECT COUNT(*) AS count FROM things").rows[0].get("count")
    }
}
