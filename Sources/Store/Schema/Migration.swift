internal import CAssets
internal import Database

/// One numbered step of the schema, embedded in the binary. Steps only ever go forward.
package struct Migration: Sendable {
    package let number: Int
    package let name: String
    let text: String

    /// All steps in order.
    package static let all: [Migration] = (0..<pagerpal_migration_count()).map { index in
        let step = pagerpal_migration_at(index).pointee
        let text = String(decoding: UnsafeBufferPointer(start: step.text, count: step.length), as: UTF8.self)
        return Migration(number: Int(step.number), name: String(cString: step.name), text: text)
    }

    /// The step's text in a database's own words.
    func text(for dialect: Dialect) -> String {
        switch dialect.name {
        case "sqlite": text.replacing("BIGINT", with: "INTEGER").replacing("BYTEA", with: "BLOB")
        default: text.replacing(") STRICT;", with: ");")
        }
    }
}
