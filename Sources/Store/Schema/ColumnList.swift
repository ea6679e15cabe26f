internal import Database

/// The columns that a decoding function reads.
///
/// Statements name their columns rather than use `*`. If another version of PagerPal adds a column, a prepared `*`
/// would return more columns than planned, and PostgreSQL refuses it.
struct ColumnList: ExpressibleByArrayLiteral {
    private let names: [String]

    init(arrayLiteral names: String...) { self.names = names }

    /// The names, separated by commas.
    var all: SQL { "\(raw: names.joined(separator: ", "))" }

    /// The names, each with the table's name before it.
    func of(_ table: String) -> SQL { "\(raw: names.map { "\(table).\($0)" }.joined(separator: ", "))" }
}
