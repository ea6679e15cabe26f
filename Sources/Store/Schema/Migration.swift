internal import CAssets
internal import Database

/// One numbered step of the schema. Steps only ever go forward.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    let work: Work

    enum Work: Sendable {
        /// SQL that is embedded in the binary, run in one transaction.
        case sql(String)
        /// Code that is called again and again, each time in a transaction of its own, until it returns true. It has to
        /// find out by the database how far it has come, since any process may go on where another one was stopped.
        case batches(@Sendable (any Connection) throws(DatabaseError) -> Bool)
    }

    /// All steps in order.
    package static let all: [Migration] = (embedded + [rewriteOfDocuments]).sorted { $0.number < $1.number }

    private static let embedded: [Migration] = (0..<pagerpal_migration_count()).map { index in
        let step = pagerpal_migration_at(index).pointee
        let text = String(decoding: UnsafeBufferPointer(start: step.text, count: step.length), as: UTF8.self)
        return Migration(number: Int(step.number), name: String(cString: step.name), work: .sql(text))
    }
}

extension Dialect {
    /// A migration's text in the words of this database.
    func text(ofMigration text: String) -> String {
        switch name {
        case "sqlite": text.replacing("BIGINT", with: "INTEGER").replacing("BYTEA", with: "BLOB")
        default: text.replacing(") STRICT;", with: ");")
        }
    }
}
