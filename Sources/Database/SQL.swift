/// A statement's text and its values. Interpolation binds values and never inserts them as text: `"… WHERE id =
/// \(id)"`.
///
/// Both databases take the same text with `$1`, `$2`, …. If PostgreSQL cannot infer a value's type (`SELECT \(1)`),
/// write `CAST(\(1) AS BIGINT)`.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    private var fragments: [String]
    package private(set) var values: [SQLValue]

    /// The text with numbered placeholders.
    package var text: String {
        var text = fragments[0]
        for index in values.indices { text += "$\(index + 1)" + fragments[index + 1] }
        return text
    }

    package init(stringLiteral text: String) {
        fragments = [text]
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        fragments = stringInterpolation.fragments
        values = stringInterpolation.values
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var fragments = [""]
        fileprivate var values: [SQLValue] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            values.reserveCapacity(interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { fragments[fragments.count - 1] += literal }

        package mutating func appendInterpolation(_ value: some SQLRepresentable) {
            values.append(value.sqlValue)
            fragments.append("")
        }

        /// Nil is NULL.
        package mutating func appendInterpolation(_ value: (some SQLRepresentable)?) {
            values.append(value?.sqlValue ?? .null)
            fragments.append("")
        }

        /// Inserts text unchanged. Never pass it anything external.
        package mutating func appendInterpolation(raw text: String) { appendLiteral(text) }

        /// Inserts another piece of SQL with its values.
        package mutating func appendInterpolation(_ sql: SQL) {
            appendLiteral(sql.fragments[0])
            for (index, value) in sql.values.enumerated() {
                values.append(value)
                fragments.append(sql.fragments[index + 1])
            }
        }

        /// Inserts `($1, $2, …)`, or `(NULL)` for an empty list, which matches nothing.
        ///
        /// The last value is repeated up to the next power of two. Lists of all lengths then produce few different
        /// statements, which stay prepared.
        package mutating func appendInterpolation(list: [some SQLRepresentable]) {
            guard let last = list.last else { return appendLiteral("(NULL)") }
            var length = 1
            while length < list.count { length *= 2 }
            for index in 0..<length {
                appendLiteral(index == 0 ? "(" : ", ")
                appendInterpolation(index < list.count ? list[index] : last)
            }
            appendLiteral(")")
        }
    }
}
