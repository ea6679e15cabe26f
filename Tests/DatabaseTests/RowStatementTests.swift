import Database
import TestSupport
import Testing

@Suite struct RowStatementTests {
    private static let insertion = RowStatement.insertion(
        into: "shelf", ["id": .bigint, "name": .text, "size": .bigint], returning: "id")
    private static let change = RowStatement(
        "UPDATE shelf SET name = given.title FROM", ["key": .bigint, "title": .text],
        "WHERE id = given.key RETURNING id")

    private func shelf(_ kind: TestDatabase) async throws -> any Database {
        let database = try await kind.open()
        let number = kind == .postgres ? "BIGINT" : "INTEGER"
        try await database.write { (connection) throws(DatabaseError) in
            try connection.script("CREATE TABLE shelf (id \(number) PRIMARY KEY, name TEXT, size \(number))")
        }
        return database
    }

    /// Runs a statement with rows, and returns the ids that it returns.
    private func run(
        _ statement: RowStatement, _ rows: [[SQLValue]], on database: any Database
    ) async throws -> [Int] {
        let dialect = database.dialect
        return try await database.write { (connection) throws(DatabaseError) in
            var ids: [Int] = []
            for result in try connection.batch(statement.statements(rows, dialect)) {
                for row in result.rows { ids.append(try row.get("id")) }
            }
            return ids
        }
    }

    @Test(arguments: TestDatabase.available)
    func `rows of any number come back as they were given`(kind: TestDatabase) async throws {
        let database = try await shelf(kind)
        let names: [SQLValue] = [.text("Ana"), .null, .text(""), .text(#"{"a": "\"b\\", NULL}"#), .text("Đuro 🛎\n")]
        let rows = (0..<2_500).map { [.integer(Int64($0) - 5), names[$0 % names.count], .integer(.max - Int64($0))] }
        let ids = try await run(RowStatementTests.insertion, rows, on: database)
        #expect(ids.sorted() == Array(-5..<2_495))
        let found = try await database.run("SELECT id, name, size FROM shelf ORDER BY id").rows
        let read = try found.map { row -> [SQLValue] in
            let (id, name, size): (Int64, String?, Int64) = (
                try row.get("id"), try row.get("name"), try row.get("size")
            )
            return [.integer(id), name.map { .text($0) } ?? .null, .integer(size)]
        }
        #expect(read == rows)
    }

    @Test(arguments: TestDatabase.available)
    func `a row that is there already stays and returns nothing`(kind: TestDatabase) async throws {
        let database = try await shelf(kind)
        let first = try await run(RowStatementTests.insertion, [[.integer(1), .text("a"), .null]], on: database)
        let second = try await run(
            RowStatementTests.insertion,
            [[.integer(1), .text("b"), .null], [.integer(2), .null, .null], [.integer(2), .null, .null]], on: database)
        #expect(first == [1] && second == [2])
        let changed = try await run(
            RowStatementTests.change, [[.integer(2), .text("c")], [.integer(3), .text("d")]], on: database)
        #expect(changed == [2])
        let names = try await database.run("SELECT name FROM shelf ORDER BY id").rows.map {
            try $0.get("name", as: String.self)
        }
        #expect(names == ["a", "c"])
    }

    @Test(arguments: TestDatabase.available)
    func `U+0000 is refused`(kind: TestDatabase) async throws {
        let database = try await shelf(kind)
        await #expect(throws: DatabaseError.invalidValue("a text holds U+0000")) {
            _ = try await run(RowStatementTests.insertion, [[.integer(1), .text("a\0b"), .null]], on: database)
        }
    }

    @Test func `batches of all sizes make few statements`() throws {
        for (size, expected) in [(0, 0), (1, 1), (64, 1), (63, 6), (1_024, 1), (2_500, 6)] {
            let rows = [[SQLValue]](repeating: [.integer(1), .null, .null], count: size)
            #expect(try RowStatementTests.insertion.statements(rows, .sqlite).count == expected, "\(size) rows")
            #expect(try RowStatementTests.insertion.statements(rows, .postgres).count == min(size, 1), "\(size) rows")
        }
    }

    @Test func `a value of another type is refused before it is sent`() {
        #expect(throws: DatabaseError.self) {
            try RowStatementTests.insertion.statements([[.text("1"), .null, .null]], .postgres)
        }
    }
}
