/// The page of one kind of configured thing: its heading, and either a table or an explanation of why it is empty.
struct Listing {
    var title: String
    var lead: String?
    var symbol: Symbol
    /// Where a new one is made, and what that button says.
    var new: (path: Path, label: String)
    var empty: (title: String, advice: String)
    var table: Table
    var mayCreate: Bool
    /// The id of the part that is refreshed while the page is open; nil for a page that stays as it is.
    var liveID: String?

    func html(_ frame: Frame) -> HTML {
        let button = linkButton(new.path, new.label, symbol: frame.symbol(.plus), style: .primary)
        let create = mayCreate ? button : nil
        let list: HTML =
            table.rows.isEmpty
            ? emptyState(frame.symbol(symbol), empty.title, empty.advice, action: create) : table.html
        let part: HTML = liveID.map { "<section id=\"\($0)\" data-live>\(list)</section>" } ?? list
        return """
            \(frame.heading(title, lead: lead, actions: table.rows.isEmpty ? nil : create))
            \(part)
            """
    }
}

/// A table that folds into one block a row on a narrow screen.
struct Table {
    struct Column: ExpressibleByStringLiteral {
        var name: String
        /// Whether a folded row shows the column's name before the value.
        var isLabelled: Bool

        init(_ name: String, isLabelled: Bool) {
            self.name = name
            self.isLabelled = isLabelled
        }

        init(stringLiteral name: String) { self.init(name, isLabelled: true) }

        /// A column whose values speak for themselves.
        static func plain(_ name: String) -> Column { Column(name, isLabelled: false) }
    }

    var columns: [Column]
    /// The cells of each row, in the order of the columns.
    var rows: [[HTML]]

    var html: HTML {
        let heads = columns.map { column -> HTML in "<th>\(column.name)</th>" }
        let lines = rows.map { row -> HTML in
            let cells = zip(columns, row).map { column, cell -> HTML in
                column.isLabelled ? "<td data-label=\"\(column.name)\">\(cell)</td>" : "<td>\(cell)</td>"
            }
            return "<tr>\(cells)</tr>"
        }
        return """
            <div class="framed"><table class="table folds"><thead><tr>\(heads)</tr></thead><tbody>\(lines)</tbody></table></div>
            """
    }
}

/// The first cell of a row: the name, which leads to the thing, and what belongs right below it.
func nameCell(_ name: String, _ path: Path, below: HTML? = nil) -> HTML {
    "<b><a href=\"\(path)\">\(name)</a></b>\(below)"
}
