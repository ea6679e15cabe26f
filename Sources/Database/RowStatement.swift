/// A statement that takes many rows of values, such as an INSERT of many rows. The number of statements for a batch then
/// hardly grows with the batch.
///
/// Its texts are made once, so a row costs little more than its values.
package struct RowStatement: Sendable {
    /// The type of a column.
    package enum Kind: String, Sendable { case text, bigint, bytea }

    /// The maximum number of values in one statement with `VALUES`.
    private static let limit = 4096

    private let kinds: [Kind]
    /// The texts for 1, 2, 4, … rows.
    private let values: [String]
    private let arrays: String

    /// - Parameters:
    ///   - before: the statement up to and including `FROM`. The rows follow as the table `given`.
    ///   - columns: the columns of `given`.
    ///   - after: the rest. After a SELECT it begins with `WHERE`, because SQLite would read `ON CONFLICT` as a join.
    package init(_ before: String, _ columns: KeyValuePairs<String, Kind>, _ after: String = "WHERE true") {
        let names = columns.map(\.key)
        kinds = columns.map(\.value)
        let renamed = names.enumerated().map { "column\($0.offset + 1) AS \($0.element)" }.joined(separator: ", ")
        let row = "(" + names.map { _ in "?" }.joined(separator: ", ") + ")"
        var (texts, count): ([String], Int) = ([], 1)
        while count * names.count <= RowStatement.limit {
            let rows = repeatElement(row, count: count).joined(separator: ", ")
            texts.append("\(before) (SELECT \(renamed) FROM (VALUES \(rows)) AS listed) AS given \(after)")
            count *= 2
        }
        values = texts
        let lists = kinds.enumerated().map { "$\($0.offset + 1)::\($0.element.rawValue)[]" }
        arrays =
            "\(before) unnest(\(lists.joined(separator: ", "))) AS given (\(names.joined(separator: ", "))) \(after)"
    }

    /// Inserts rows into a table. Rows that are there already stay as they are.
    ///
    /// - Parameter key: the column whose values the inserted rows return.
    package static func insertion(
        into table: String, _ columns: KeyValuePairs<String, Kind>, returning key: String? = nil
    ) -> RowStatement {
        let names = columns.map(\.key).joined(separator: ", ")
        return RowStatement(
            "INSERT INTO \(table) (\(names)) SELECT \(names) FROM", columns,
            "WHERE true ON CONFLICT DO NOTHING" + (key.map { " RETURNING \($0)" } ?? ""))
    }

    /// The statements for some rows, in their order: one where the database takes arrays, otherwise one for every 4,096
    /// values and a few for the rest. None for no rows.
    ///
    /// - Throws: `.invalidValue` for a value that the column can't hold.
    package func statements(_ rows: [[SQLValue]], _ dialect: Dialect) throws(DatabaseError) -> [SQL] {
        guard !rows.isEmpty else { return [] }
        switch dialect.rowSource {
        case .arrays: return [SQL(text: arrays, values: try columns(rows))]
        case .values: return chunks(rows)
        }
    }

    private func columns(_ rows: [[SQLValue]]) throws(DatabaseError) -> [SQLValue] {
        var arrays: [SQLValue] = []
        for (index, kind) in kinds.enumerated() {
            arrays.append(.blob(try postgresArray(of: kind, rows.lazy.map { $0[index] })))
        }
        return arrays
    }

    private func chunks(_ rows: [[SQLValue]]) -> [SQL] {
        var statements: [SQL] = []
        var (start, shape) = (0, values.count - 1)
        while start < rows.count {
            let size = 1 << shape
            guard rows.count - start >= size else {
                shape -= 1
                continue
            }
            statements.append(SQL(text: values[shape], values: rows[start..<start + size].flatMap(\.self)))
            start += size
        }
        return statements
    }
}

/// How a database takes many rows of values in one statement.
package enum RowSource: Sendable {
    /// As `VALUES (?, ?), (?, ?)`, with 1, 2, 4, … rows, so that few different statements stay prepared.
    case values
    /// As one array for each column.
    case arrays
}
