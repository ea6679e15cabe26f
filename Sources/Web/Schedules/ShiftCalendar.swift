/// Weeks of shifts, drawn to the minute: one row of seven days for each week, with lanes of bars below it.
///
/// Screen readers ignore the drawing. The list of shifts contains the same information in words.
struct ShiftCalendar: Sendable {
    /// A span of time within a week.
    struct Bar: Sendable {
        enum Look: Sendable, Hashable {
            /// One of the people, each with a colour.
            case person(Int)
            case several
            case gap
        }

        /// The position in the week, from 0 to 1. All days have the same width, whatever their length.
        var from: Double
        var to: Double
        var look: Look
        /// Whether the span has passed.
        var isOver: Bool
        var label: String
        /// Who, with the exact start and end.
        var title: String
    }

    struct ProviderWorker: Sendable {
        var label: String
        var bars: [Bar]
        /// Whether this lane shows the result of all layers and overrides.
        var isFinal: Bool = false
    }

    struct Day: Sendable {
        var weekday: String
        /// `2`, or `1 Apr` on the first day of a month.
        var number: String
        var isToday: Bool
        /// Whether the day is outside the selected month.
        var isOutside: Bool
    }

    struct Week: Sendable {
        var days: [Day]
        var lanes: [ProviderWorker]
        /// The position of the current instant, if it is in this week.
        var now: Double?
    }

    var weeks: [Week]

    init(weeks: [Week]) { self.weeks = weeks }

    var html: HTML {
        "<div class=\"calendar\" aria-hidden=\"true\">\(weeks.map(week))</div>"
    }

    private func week(_ week: Week) -> HTML {
        let days = week.days.map { day -> HTML in
            """
            <li class="date\(if: day.isToday, " today")\(if: day.isOutside, " outside")"><span>\(day.weekday)</span> <b>\(day.number)</b></li>
            """
        }
        let named = week.lanes.count > 1
        let lanes = week.lanes.map { lane -> HTML in
            """
            \(if: named, "<span class=\"lane-name\">\(lane.label)</span>")\
            <svg class="lane\(if: lane.isFinal, " final")" width="100%" height="32">\(lane.bars.map(bar))\(week.now.map(marker))</svg>
            """
        }
        return "<div class=\"week\(if: named, " named")\"><ol class=\"dates\">\(days)</ol>\(lanes)</div>"
    }

    /// A nested SVG, which clips a name that is too long for its bar.
    private func bar(_ bar: Bar) -> HTML {
        let look =
            switch bar.look {
            case .person(let number): "p\(number % 8)"
            case .several: "several"
            case .gap: "gap"
            }
        let width = bar.to - bar.from
        return """
            <svg x="\(percent(bar.from))" width="\(percent(width))" class="\(look)\(if: bar.isOver, " over")">\
            <title>\(bar.title)</title><rect/>\(if: width > 0.035, "<text>\(bar.label)</text>")</svg>
            """
    }

    private func marker(_ place: Double) -> HTML {
        "<line class=\"now\" x1=\"\(percent(place))\" x2=\"\(percent(place))\" y1=\"0\" y2=\"32\"/>"
    }

    private func percent(_ part: Double) -> String { "\((part * 10_000).rounded() / 100)%" }
}
