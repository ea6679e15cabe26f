internal import CAssets
internal import Database

/// One numbered step of the schema. Steps only go forward.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    let work: Work

    enum Work: Sendable {
        /// SQL embedded in the binary, run in one transaction.
        case sql(String)
        /// Code that runs repeatedly, each time in its own transaction, until it returns true. It must read its
        /// progress from the database, because any process may continue where another one stopped.
        case batches(@Sendable (any Connection) throws(DatabaseError) -> Bool)
    }

    /// All steps in order.
    package static let all: [Migration] = (embedded + [rewriteOfDocuments, documentsOfColumns]).sorted {
        $0.number < $1.number
    }

    private static let embedded: [Migration] = (0..<pagerpal_migration_count()).map { index in
        let step = pagerpal_migration_at(index).pointee
        let text = String(decoding: UnsafeBufferPointer(start: step.text, count: step.length), as: UTF8.self)
        return Migration(number: Int(step.number), name: String(cString: step.name), work: .sql(text))
    }
}

extension Dialect {
    /// Returns a migration's text in this database's dialect.
    func text(ofMigration text: String) -> String {
        switch name {
        case "sqlite":
            text.replacing("COLLATE \"C\"", with: "COLLATE BINARY").replacing("BIGINT", with: "INTEGER").replacing(
                "BYTEA", with: "BLOB"
            )
            // SQLite can't add a generated column that is stored.
            .replacing(") STORED;", with: ") VIRTUAL;")
        default: text.replacing(") STRICT;", with: ");").replacing(") STRICT, WITHOUT ROWID;", with: ");")
        }
    }
}
