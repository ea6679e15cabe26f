/// The rule by which a zone's clocks change every year, in the form of the variable TZ of POSIX, such as
/// `CET-1CEST,M3.5.0,M10.5.0/3`. RFC 9636 allows hours from -167 to 167.
struct YearlyZoneRule: Sendable, Hashable {
    /// Both are in seconds east of UTC.
    private let standard: Int64
    private let summer: Summer?

    private struct Summer: Hashable {
        let offset: Int64
        let start: Change
        let end: Change
    }

    /// A day of the year, and the seconds from its local midnight to the change.
    private struct Change: Hashable {
        enum Day: Hashable {
            /// The first day is 1, and 29 February is never counted.
            case withoutLeapDay(Int)
            /// The first day is 0, and 29 February is counted.
            case counted(Int)
            /// Week 5 is the last one in the month. Sunday is 0.
            case weekday(month: Int, week: Int, day: Int)
        }

        let day: Day
        let seconds: Int64
    }

    /// Nil when the text is not of this form.
    init?(_ text: String) {
        var reader = RuleReader(text)
        guard reader.skipName(), let west = reader.hours() else { return nil }
        standard = -west
        guard !reader.isAtEnd else {
            summer = nil
            return
        }
        guard reader.skipName() else { return nil }
        let offset = reader.isAt(",") ? standard + 3600 : reader.hours().map { -$0 }
        guard let offset, reader.skip(","), let start = YearlyZoneRule.change(&reader), reader.skip(","),
            let end = YearlyZoneRule.change(&reader), reader.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    private static func change(_ reader: inout RuleReader) -> Change? {
        let day: Change.Day
        if reader.skip("M") {
            guard let month = reader.number(1...12), reader.skip("."), let week = reader.number(1...5),
                reader.skip("."), let weekday = reader.number(0...6)
            else { return nil }
            day = .weekday(month: month, week: week, day: weekday)
        } else if reader.skip("J") {
            guard let number = reader.number(1...365) else { return nil }
            day = .withoutLeapDay(number)
        } else {
            guard let number = reader.number(0...365) else { return nil }
            day = .counted(number)
        }
        guard reader.skip("/") else { return Change(day: day, seconds: 2 * 3600) }
        return reader.hours().map { Change(day: day, seconds: $0) }
    }

    /// Returns the offset in seconds east of UTC.
    func offset(at instant: Int64) -> Int64 {
        guard let summer else { return standard }
        let year = YearlyZoneRule.year(of: (instant + standard).flooredQuotient(by: 86400))
        var latest: (instant: Int64, offset: Int64)?
        // A change may belong to the year before or after, because its hours may leave its day.
        for year in (year - 1)...(year + 1) {
            let changes = [
                (instant: YearlyZoneRule.seconds(summer.start, year) - standard, offset: summer.offset),
                (instant: YearlyZoneRule.seconds(summer.end, year) - summer.offset, offset: standard),
            ]
            for change in changes where change.instant <= instant && change.instant >= latest?.instant ?? .min {
                latest = change
            }
        }
        return latest?.offset ?? standard
    }

    /// The calendar repeats after 400 years.
    private static let daysOf400Years: Int64 = 146_097

    private static func year(of day: Int64) -> Int64 {
        let period = day.flooredQuotient(by: daysOf400Years)
        return Int64(CivilDate(daysSince1970: day - period * daysOf400Years).year) + period * 400
    }

    /// Returns the local time of a change in seconds since 1970.
    private static func seconds(_ change: Change, _ year: Int64) -> Int64 {
        let period = (year - 2000).flooredQuotient(by: 400)
        let alike = Int(year - period * 400)
        let date: CivilDate =
            switch change.day {
            case .withoutLeapDay(let number):
                first(1, alike).adding(days: number - 1 + (number >= 60 && isLeap(alike) ? 1 : 0))
            case .counted(let number): first(1, alike).adding(days: number)
            case .weekday(let month, let week, let day): weekday(day, week, month, alike)
            }
        return (date.daysSince1970 + period * daysOf400Years) * 86400 + change.seconds
    }

    private static func isLeap(_ year: Int) -> Bool { CivilDate.length(ofMonth: 2, year: year) == 29 }

    private static func first(_ month: Int, _ year: Int) -> CivilDate {
        CivilDate(year: year, month: month, day: 1) ?? CivilDate(daysSince1970: 0)
    }

    private static func weekday(_ day: Int, _ week: Int, _ month: Int, _ year: Int) -> CivilDate {
        let first = first(month, year)
        let ahead = (day - first.weekday % 7 + 7) % 7
        let days = ahead + (week - 1) * 7
        return first.adding(days: days < CivilDate.length(ofMonth: month, year: year) ? days : days - 7)
    }
}

/// Reads a rule from the front.
private struct RuleReader {
    private var rest: Substring

    init(_ text: String) { rest = text[...] }

    var isAtEnd: Bool { rest.isEmpty }

    func isAt(_ character: Character) -> Bool { rest.first == character }

    mutating func skip(_ character: Character) -> Bool {
        guard isAt(character) else { return false }
        rest.removeFirst()
        return true
    }

    /// Skips letters, or anything in angle brackets.
    mutating func skipName() -> Bool {
        if skip("<") {
            guard let end = rest.firstIndex(of: ">") else { return false }
            rest = rest[rest.index(after: end)...]
            return true
        }
        let name = rest.prefix { $0.isLetter }
        rest = rest[name.endIndex...]
        return name.count >= 3
    }

    /// A number without a sign.
    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        guard (1...3).contains(digits.count), let number = Int(digits), range.contains(number) else { return nil }
        rest = rest[digits.endIndex...]
        return number
    }

    /// Hours, minutes and seconds such as `3`, `-1:30` or `+10:00:00`, in seconds.
    mutating func hours() -> Int64? {
        let isNegative = skip("-")
        if !isNegative { _ = skip("+") }
        guard let hours = number(0...167) else { return nil }
        var seconds = Int64(hours) * 3600
        for unit: Int64 in [60, 1] where skip(":") {
            guard let part = number(0...59) else { return nil }
            seconds += Int64(part) * unit
        }
        return isNegative ? -seconds : seconds
    }
}
