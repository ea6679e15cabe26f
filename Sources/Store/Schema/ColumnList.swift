internal import Database

/// The columns that a decoding function reads.
///
/// Statements name their columns. After another version of PagerPal has added a column, `*` would return more than a
/// prepared statement was planned for, and PostgreSQL refuses it.
struct ColumnList: ExpressibleByArrayLiteral {
    private let names: [String]

    init(arrayLiteral names: String...) { self.names = names }

    /// The names with commas between them.
    var all: SQL { "\(raw: names.joined(separator: ", "))" }

    /// The same with the name of their table before each.
    func of(_ table: String) -> SQL { "\(raw: names.map { "\(table).\($0)" }.joined(separator: ", "))" }
}
