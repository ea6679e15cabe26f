/// The numbers behind a chart, shown as a table below it and offered as CSV.
struct ReportTable: Sendable, Hashable {
    enum Cell: Sendable, Hashable {
        case text(String)
        /// A count, and the list of what it counts.
        case number(Int, Path? = nil)
        /// A mean, or nil if there was nothing to measure. People see `4 min`, CSV contains seconds.
        case time(Duration?)
    }

    var columns: [String]
    var rows: [[Cell]]

    /// Renders the table, collapsed under a chart.
    func html(_ summary: String = "As a table") -> HTML {
        let head = columns.map { column -> HTML in "<th scope=\"col\">\(column)</th>" }
        let body = rows.map { row -> HTML in "<tr>\(row.enumerated().map { cell($1, at: $0) })" }
        return """
            <details class="behind"><summary>\(summary)</summary><div class="scrolls" tabindex="0"><table class="table">\
            <thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div></details>
            """
    }

    /// Cells omit their end tag to save space (HTML, 13.1.2.4: optional tags).
    private func cell(_ cell: Cell, at column: Int) -> HTML {
        switch cell {
        case .text(let text): column == 0 ? "<th scope=\"row\">\(text)" : "<td>\(text)"
        case .number(let number, let path?) where number > 0: "<td><a href=\"\(path)\">\(number)</a>"
        case .number(let number, _): "<td>\(number)"
        case .time(let time): "<td>\(time.map { length($0) } ?? "–")"
        }
    }
}
