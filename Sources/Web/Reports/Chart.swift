/// Drawings of numbers in SVG. They are stretched to whatever room there is, so words stand beside them in HTML.
enum Chart {
    /// One kind of thing that is counted: the class that colours it, and how many there are of it at each place.
    struct Series {
        var style: String
        var values: [Int]
    }

    /// Columns, one for each place, with the series stacked upon each other.
    ///
    /// - Parameters:
    ///   - count: of places.
    ///   - labels: what a place says on hover; empty: nothing, the table says it.
    ///   - name: what the drawing shows, for who can't see it; the numbers are in the table behind it.
    static func columns(_ series: [Series], count: Int, labels: [String], name: String) -> HTML {
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
        let hints = labels.enumerated().map { place, label -> HTML in
            "<rect x=\"\(place * 10)\" width=\"10\" height=\"\(scale)\"><title>\(label)</title></rect>"
        }
        return """
            <svg class="chart" role="img" aria-label="\(name)" viewBox="0 0 \(max(count, 1) * 10) \(scale)" \
            preserveAspectRatio="none">\(paths)\(hints)</svg>
            """
    }

    /// A bar whose length is a part of the largest.
    static func bar(_ value: Int, of largest: Int, style: String = "plain") -> HTML {
        """
        <svg class="meter" aria-hidden="true" viewBox="0 0 1000 1" preserveAspectRatio="none">\
        <rect class="\(style)" width="\(value * 1000 / max(largest, 1))" height="1"/></svg>
        """
    }

    /// The 24 hours of a day, the darker the more, with a line under the night.
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

    /// Units of a drawing's height.
    private static let scale = 100
}
