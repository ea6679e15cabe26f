/// The five fields of a crontab line (POSIX `crontab`), with the names, steps and `@daily` forms of Vixie cron.
///
/// A day matches when its month matches and its day does. If both day fields are restricted, either may match.
package struct CronExpression: Sendable, Hashable, CustomStringConvertible {
    /// The expression as it was written.
    package let description: String
    private let minutes: [Int]
    private let hours: [Int]
    private let days: Set<Int>
    private let months: Set<Int>
    /// Monday is 1, Sunday 7.
    private let weekdays: Set<Int>
    private let isDayOpen: Bool
    private let isWeekdayOpen: Bool

    /// Nil for anything that cron would refuse, and for days that never occur, like 30 February.
    package init?(_ text: String) {
        let words = text.trimmingBlanks()
        let fields = (CronExpression.shortcuts[words.lowercased()] ?? words).split { $0 == " " || $0 == "\t" }
        guard fields.count == 5, words.utf8.count <= 200,
            let minutes = CronField(fields[0], 0...59)?.values, let hours = CronField(fields[1], 0...23)?.values,
            let days = CronField(fields[2], 1...31)?.values,
            let months = CronField(fields[3], 1...12, names: CronExpression.monthNames)?.values,
            let weekdays = CronField(fields[4], 0...7, names: CronExpression.dayNames)?.values
        else { return nil }
        description = words
        self.minutes = minutes.sorted()
        self.hours = hours.sorted()
        self.days = days
        self.months = months
        self.weekdays = Set(weekdays.map { $0 == 0 ? 7 : $0 })
        isDayOpen = fields[2].hasPrefix("*")
        isWeekdayOpen = fields[4].hasPrefix("*")
        guard next(after: Timestamp(seconds: 0), timeZone: "UTC") != nil else { return nil }
    }

    /// Returns the first match after an instant, or nil in an unknown time zone.
    ///
    /// A local time that the clocks skip matches right after the jump. A local time that occurs twice matches the first
    /// time.
    package func next(after instant: Timestamp, timeZone: String) -> Timestamp? {
        guard let clock = LocalClock(timeZone) else { return nil }
        var day = clock.date(at: instant)
        // 29 February can be eight years away, for example around 2100.
        for _ in 0..<(366 * 9) {
            if matches(day), let found = first(on: day, after: instant, clock) { return found }
            day = day.adding(days: 1)
        }
        return nil
    }

    private func matches(_ day: CivilDate) -> Bool {
        guard months.contains(day.month) else { return false }
        let (isDay, isWeekday) = (days.contains(day.day), weekdays.contains(day.weekday))
        return isDayOpen || isWeekdayOpen ? isDay && isWeekday : isDay || isWeekday
    }

    private func first(on day: CivilDate, after instant: Timestamp, _ clock: LocalClock) -> Timestamp? {
        for hour in hours {
            // Skip hours that are over.
            guard clock.instant(day, minute: hour * 60 + 59) > instant else { continue }
            for minute in minutes {
                let candidate = clock.instant(day, minute: hour * 60 + minute)
                if candidate > instant { return candidate }
            }
        }
        return nil
    }

    private static let shortcuts = [
        "@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
    ]
    private static let monthNames = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
        "dec": 12,
    ]
    private static let dayNames = Dictionary(
        uniqueKeysWithValues: Weekday.allCases.map { ($0.shortName.lowercased(), $0.rawValue % 7) })
}

/// One field: `*`, `5`, `1-5`, `*/15`, `mon-fri`, and lists of them.
private struct CronField {
    var values: Set<Int> = []

    init?(_ text: Substring, _ range: ClosedRange<Int>, names: [String: Int] = [:]) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2, let head = halves.first,
                let span = CronField.span(head, range, names, isStepped: halves.count == 2)
            else { return nil }
            let step = halves.count == 2 ? Int(halves[1]) : 1
            guard let step, step > 0, step <= 100 else { return nil }
            values.formUnion(stride(from: span.lowerBound, through: span.upperBound, by: step))
        }
        guard !values.isEmpty else { return nil }
    }

    private static func span(
        _ text: Substring, _ range: ClosedRange<Int>, _ names: [String: Int], isStepped: Bool
    ) -> ClosedRange<Int>? {
        if text == "*" { return range }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        let numbers = ends.compactMap { end in
            names[end.lowercased()] ?? (end.allSatisfy { ("0"..."9").contains($0) } ? Int(end) : nil)
        }
        guard numbers.count == ends.count, (1...2).contains(numbers.count), numbers.allSatisfy(range.contains) else {
            return nil
        }
        // `5/15` starts at 5 and runs to the end of the range.
        let last = numbers.count == 2 ? numbers[1] : isStepped ? range.upperBound : numbers[0]
        return numbers[0] <= last ? numbers[0]...last : nil
    }
}
