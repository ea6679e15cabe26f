/// Weeks of shifts, drawn to the minute: a row of seven days for each week, and lanes of bars beneath it.
///
/// The drawing says nothing to screen readers; the list of shifts says the same in words.
struct ShiftCalendar: Sendable {
    /// A span of time within a week.
    struct Bar: Sendable {
        enum Look: Sendable, Hashable {
            /// One of the people; each has a colour.
            case person(Int)
            case several
            case gap
        }

        /// Where in the week it is, from 0 to 1. Days are of equal width, however long they are.
        var from: Double
        var to: Double
        var look: Look
        /// Whether it has passed.
        var isOver: Bool
        var label: String
        /// Who, and exactly from when to when.
        var title: String
    }

    struct ProviderWorker: Sendable {
        var label: String
        var bars: [Bar]
        /// Whether it is what counts.
        var isFinal: Bool = false
    }

    struct Day: Sendable {
        var weekday: String
        /// `2`, or `1 Apr` where a month begins.
        var number: String
        var isToday: Bool
        /// Not of the month that is shown.
        var isOutside: Bool
    }

    struct Week: Sendable {
        var days: [Day]
        var lanes: [ProviderWorker]
        /// Where in the week it is now, if it is in it.
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

    /// A drawing within the drawing, so that a name too long for its bar ends with it.
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
