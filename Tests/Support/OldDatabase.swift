package import Database
package import Domain
import Foundation
import Store

/// The database in Tests/Fixtures/old-database, as PagerPal left it before stored documents had versions.
package enum OldDatabase {
    /// A moment after the last event in it.
    package static let now = Timestamp(microseconds: 1_795_694_133_000_000)
    /// The last schema step that its binary knew.
    package static let schema = 6

    /// Loads its rows into a new database.
    package static func load(into database: any Database) async throws {
        let store = Store(database: database, identifiers: .counting())
        _ = try await store.migrate(at: now, upTo: schema)
        let isPostgres = database.dialect.name == "postgres"
        let file = FixtureFolder.root.appending(path: "Tests/Fixtures/old-database/database.sql")
        // The dump writes a blob as <blob 7b7d>.
        let rows = try String(contentsOf: file, encoding: .utf8).replacing(/<blob ([0-9a-f]*)>/) { blob in
            isPostgres ? "'\\x\(blob.1)'" : "X'\(blob.1)'"
        }
        try await database.write { (connection) throws(DatabaseError) in
            // The dump also contains the rows that migrations insert.
            try connection.script("DELETE FROM configuration; DELETE FROM counters; DELETE FROM leases;")
            try connection.script(rows)
        }
    }
}
