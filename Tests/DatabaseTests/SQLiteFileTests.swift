import Foundation
import TestSupport
import Testing

@testable import Database

/// Copies of SQLite files.
@Suite struct SQLiteFileTests {
    private func folder() throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "pagerpal-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return url.path()
    }

    private func filled(_ path: String, rows: Int) async throws -> any Database {
        let database = try openDatabase(.sqlite(path: path))
        try await database.run("CREATE TABLE schema_migrations (number INTEGER PRIMARY KEY)")
        try await database.run("CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT)")
        try await database.run("INSERT INTO schema_migrations (number) VALUES (7)")
        for row in 0..<rows {
            try await database.run("INSERT INTO things (id, name) VALUES (\(row), \("it's \(row)"))")
        }
        return database
    }

    @Test func `a copy of a database in use is complete and lacks later changes`() async throws {
        let folder = try folder()
        let database = try await filled("\(folder)/a.db", rows: 20)
        try SQLiteFile.copy("\(folder)/a.db", to: "\(folder)/b.db")
        let summary = try SQLiteFile.summary(of: "\(folder)/b.db")
        #expect(summary.rows == ["things": 20, "schema_migrations": 1])
        #expect(summary.schema == 7)
        #expect(try SQLiteFile.differences("\(folder)/a.db", "\(folder)/b.db") == [])
        try await database.run("UPDATE things SET name = 'other' WHERE id = 3")
        #expect(try SQLiteFile.differences("\(folder)/a.db", "\(folder)/b.db") == ["things"])
        #expect(throws: DatabaseError.self) { try SQLiteFile.copy("\(folder)/a.db", to: "\(folder)/b.db") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).allSatisfy { !$0.contains("partial") })
        await database.close()
    }

    @Test func `a copy beside a pager rests often, and is the same`() async throws {
        let folder = try folder()
        let database = try await filled("\(folder)/a.db", rows: 2)
        try await database.run(
            """
            INSERT INTO things (id, name) WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
            SELECT i, 'thing ' || i FROM n
            """)
        let pace = CopyPace(work: .zero)
        try SQLiteFile.copy("\(folder)/a.db", to: "\(folder)/b.db", pace: pace)
        #expect(pace.rests >= 5)
        #expect(try SQLiteFile.differences("\(folder)/a.db", "\(folder)/b.db") == [])
        await database.close()
    }

    @Test(arguments: [10, 40, 700])
    func `a statement may change more pages than its journal keeps in memory`(pages: Int) async throws {
        let folder = try folder()
        let database = try await filled("\(folder)/a.db", rows: 1)
        // The check makes SQLite keep each page as it was, until the statement has changed all of them.
        try await database.run("CREATE TABLE wide (id INTEGER PRIMARY KEY, word TEXT CHECK (word <> ''), filler BLOB)")
        try await database.run(
            """
            INSERT INTO wide (id, word, filler) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(pages))
            SELECT i, 'word', zeroblob(3000) FROM n
            """)
        #expect(try await database.run("UPDATE wide SET word = 'other'").affected == pages)
        await #expect(throws: DatabaseError.self) {
            try await database.run("UPDATE wide SET word = CASE WHEN id = \(pages) THEN '' ELSE 'third' END")
        }
        let rows = try await database.run("SELECT COUNT(*) AS count FROM wide WHERE word = 'other'").rows
        #expect(try rows[0].get("count", as: Int.self) == pages)
        await database.close()
    }

    @Test func `one more row in a file is a difference, even a duplicate`() async throws {
        let folder = try folder()
        let database = try await filled("\(folder)/a.db", rows: 2)
        try await database.run("CREATE TABLE marks (name TEXT)")
        try await database.run("INSERT INTO marks (name) VALUES ('x')")
        try SQLiteFile.copy("\(folder)/a.db", to: "\(folder)/b.db")
        try await database.run("INSERT INTO marks (name) VALUES ('x')")
        #expect(try SQLiteFile.differences("\(folder)/a.db", "\(folder)/b.db") == ["marks"])
        await database.close()
    }

    @Test func `damaged files and files of other programs get different errors`() async throws {
        let folder = try folder()
        try Data(repeating: 0x41, count: 8192).write(to: URL(filePath: "\(folder)/text.db"))
        #expect(throws: DatabaseError.self) { try SQLiteFile.summary(of: "\(folder)/text.db") }
        #expect(throws: DatabaseError.self) { try SQLiteFile.summary(of: "\(folder)/none.db") }
        let database = try openDatabase(.sqlite(path: "\(folder)/other.db"))
        try await database.run("CREATE TABLE things (id INTEGER)")
        await database.close()
        #expect(try SQLiteFile.summary(of: "\(folder)/other.db").schema == nil)
    }

    @Test func `a database in use can't be moved away`() async throws {
        let folder = try folder()
        let database = try await filled("\(folder)/a.db", rows: 1)
        #expect(throws: DatabaseError.self) { try SQLiteFile.moveAway("\(folder)/a.db", to: "\(folder)/old.db") }
        await database.close()
        try SQLiteFile.moveAway("\(folder)/a.db", to: "\(folder)/old.db")
        #expect(try SQLiteFile.summary(of: "\(folder)/old.db").rows["things"] == 1)
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/a.db"))
    }

    @Test func `closing a database merges its WAL into the file`() async throws {
        let folder = try folder()
        await (try await filled("\(folder)/a.db", rows: 5)).close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a.db"])
    }
}
