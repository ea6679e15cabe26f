/// A statement's text and its values. Interpolation binds values and never inserts them as text: `"… WHERE id =
/// \(id)"`.
///
/// Both databases take the same text with `$1`, `$2`, …. If PostgreSQL cannot infer a value's type (`SELECT \(1)`),
/// write `CAST(\(1) AS BIGINT)`.
package struct SQL: Sendable, ExpressibleByStringInterpolation {
    private enum Form {
        /// The text between the values.
        case fragments([String])
        case whole(String)
    }

    private let form: Form
    package private(set) var values: [SQLValue]

    /// The text with numbered placeholders.
    package var text: String {
        switch form {
        case .whole(let text): return text
        case .fragments(let fragments):
            var text = fragments[0]
            for index in values.indices { text += "$\(index + 1)" + fragments[index + 1] }
            return text
        }
    }

    /// The text between the values.
    private var fragments: [String] {
        switch form {
        case .fragments(let fragments): return fragments
        case .whole(let text):
            var (fragments, rest): ([String], Substring) = ([], text[...])
            for number in 1..<(values.count + 1) {
                guard let place = rest.firstRange(of: "$\(number)") ?? rest.firstRange(of: "?") else { break }
                fragments.append(String(rest[..<place.lowerBound]))
                rest = rest[place.upperBound...]
            }
            return fragments + [String(rest)]
        }
    }

    package init(stringLiteral text: String) {
        form = .fragments([text])
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        form = .fragments(stringInterpolation.fragments)
        values = stringInterpolation.values
    }

    /// A statement whose text is ready. It has one place for each value, in order: `$1`, `$2`, … or `?`.
    package init(text: String, values: [SQLValue]) {
        form = .whole(text)
        self.values = values
    }

    /// The same statement with its text ready, for one that is used again and again.
    package var written: SQL { SQL(text: text, values: values) }

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
            let inner = sql.fragments
            appendLiteral(inner[0])
            for (index, value) in sql.values.enumerated() {
                values.append(value)
                fragments.append(inner[index + 1])
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
