/// One row of a result. Read columns by name.
package struct Row: Sendable {
    let columns: Columns
    let values: [SQLValue]

    /// - Throws: `.decoding` when the column does not exist or has another type.
    package func get<Value: SQLRepresentable>(
        _ column: String, as type: Value.Type = Value.self
    ) throws(DatabaseError) -> Value {
        guard let index = columns.index(of: column) else {
            throw .decoding("there is no column \(column) among \(columns.names.joined(separator: ", "))")
        }
        guard let value = Value(sqlValue: values[index]) else {
            throw .decoding("column \(column) holds \(values[index]), which is not a \(type)")
        }
        return value
    }
}

/// The column names of a result, shared by its rows.
final class Columns: Sendable {
    let names: [String]
    private let indices: [String: Int]

    init(_ names: [String]) {
        self.names = names
        indices = Dictionary(
            names.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
    }

    func index(of name: String) -> Int? { indices[name] }
}
