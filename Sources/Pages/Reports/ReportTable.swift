/// The numbers behind a chart: shown as a table below it, and given out as CSV.
package struct ReportTable: Sendable, Hashable {
    package enum Cell: Sendable, Hashable {
        case text(String)
        case number(Int)
        /// A mean; nil: there was nothing to measure. People read `4 min`, machines seconds.
        case time(Duration?)
    }

    package var columns: [String]
    package var rows: [[Cell]]

    package init(columns: [String], rows: [[Cell]]) {
        self.columns = columns
        self.rows = rows
    }

    /// The table, folded away under a chart.
    func html(_ summary: String = "As a table") -> HTML {
        let head = columns.enumerated().map { index, column -> HTML in
            "<th scope=\"col\"\(if: index > 0 && isNumeric(index), " class=\"number\"")>\(column)</th>"
        }
        let body = rows.map { row -> HTML in "<tr>\(row.enumerated().map { cell($1, at: $0) })</tr>" }
        return """
            <details class="behind"><summary>\(summary)</summary><div class="scrolls" tabindex="0"><table class="table">\
            <thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div></details>
            """
    }

    private func isNumeric(_ column: Int) -> Bool {
        guard let first = rows.first, first.indices.contains(column) else { return true }
        if case .text = first[column] { return false }
        return true
    }

    private func cell(_ cell: Cell, at column: Int) -> HTML {
        switch cell {
        case .text(let text): column == 0 ? "<th scope=\"row\">\(text)</th>" : "<td>\(text)</td>"
        case .number(let number): "<td class=\"number\">\(number)</td>"
        case .time(let time): "<td class=\"number\">\(time.map { length($0) } ?? "–")</td>"
        }
    }
}
