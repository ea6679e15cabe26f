/// Charts in SVG. They stretch to the available space, so their labels are in HTML next to them.
enum Chart {
    /// One series of values: its CSS class and its value at each place.
    struct Series {
        var style: String
        var values: [Int]
    }

    /// What a column says on hover, and where a click leads.
    typealias Hint = (label: String, path: Path)

    /// A column chart that stacks the series.
    ///
    /// - Parameters:
    ///   - count: the number of columns.
    ///   - hints: the text on hover and the list behind each column; empty if the table is enough.
    ///   - name: the description for screen readers. The numbers are in the table.
    static func columns(_ series: [Series], count: Int, hints: [Hint], name: String) -> HTML {
        let totals = (0..<count).map { place in series.reduce(0) { $0 + $1.values[place] } }
        let highest = max(totals.max() ?? 0, 1)
        var heights = [Int](repeating: 0, count: count)
        let paths = series.map { series -> HTML in
            var path = ""
            for (place, value) in series.values.enumerated() where value > 0 {
                let (low, high) = (heights[place] * scale / highest, (heights[place] + value) * scale / highest)
                heights[place] += value
                path += "M\(place * 10 + 1) \(scale - low)v\(low - high)h8V\(scale - low)z"
            }
            return path.isEmpty ? "" : "<path class=\"\(series.style)\" d=\"\(path)\"/>"
        }
        // The keyboard reaches the same links in the table, without a stop at each column.
        let columns = hints.enumerated().map { place, hint -> HTML in
            """
            <a href="\(hint.path)" tabindex="-1"><title>\(hint.label)</title>\
            <rect x="\(place * 10)" width="10" height="\(scale)"/></a>
            """
        }
        return """
            <svg class="chart" role="\(hints.isEmpty ? "img" : "group")" aria-label="\(name)" viewBox="0 0 \(max(count, 1) * 10) \(scale)" \
            preserveAspectRatio="none">\(paths)\(columns)</svg>
            """
    }

    /// A bar whose length is proportional to the largest value.
    static func bar(_ value: Int, of largest: Int, style: String = "plain") -> HTML {
        """
        <svg class="meter" aria-hidden="true" viewBox="0 0 1000 1" preserveAspectRatio="none">\
        <rect class="\(style)" width="\(value * 1000 / max(largest, 1))" height="1"/></svg>
        """
    }

    /// The 24 hours of a day, shaded by value, with a line under the night hours.
    static func hours(_ counts: [Int], of largest: Int) -> HTML {
        var shades = [String](repeating: "", count: 5)
        for (hour, count) in counts.enumerated() where count > 0 {
            shades[min(count * 5 / max(largest, 1), 4)] += "M\(hour * 10 + 1) 0h8v8h-8z"
        }
        let paths = shades.enumerated().map { shade, path -> HTML in
            path.isEmpty ? "" : "<path class=\"shade-\(shade + 1)\" d=\"\(path)\"/>"
        }
        return """
            <svg class="day" aria-hidden="true" viewBox="0 0 240 10" preserveAspectRatio="none">\
            <path class="night" d="M0 8.8h70v1.2h-70zM220 8.8h20v1.2h-20z"/>\(paths)</svg>
            """
    }

    /// The chart's height in its own units.
    private static let scale = 100
}
