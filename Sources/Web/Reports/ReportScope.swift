internal import Domain

/// The scope of a report: a number of days until now, divided into the reader's calendar periods, for one team or all.
struct ReportScope {
    /// The available time spans. Longer spans use longer periods, so that none has more than 31.
    enum Span: Int, CaseIterable {
        case week = 7
        case month = 30
        case quarter = 91
        case year = 365

        var label: String {
            switch self {
            case .week: "7 days"
            case .month: "30 days"
            case .quarter: "13 weeks"
            case .year: "12 months"
            }
        }
    }

    let span: Span
    let team: TeamID?
    /// The periods with their first and last days.
    let periods: [(name: String, first: CivilDate, last: CivilDate, range: Range<Timestamp>)]

    /// - Parameters:
    ///   - days: one of the spans. Any other value gives a month.
    ///   - team: an existing team. Any other value gives all teams.
    init(days: String, team: String, _ configuration: Configuration, _ reader: Reader) {
        let span = Int(days).flatMap(Span.init) ?? .month
        self.span = span
        self.team = configuration.teams[TeamID(team)]?.id
        let clock = reader.local
        let today = clock.date(at: reader.now)
        let starts = ReportScope.starts(of: span, today)
        periods = starts.enumerated().map { index, start in
            let end = index + 1 < starts.count ? starts[index + 1] : today.adding(days: 1)
            let from = clock.instant(start, minute: 0)
            return (
                ReportScope.name(of: start, span, reader.day(from)), start, end.adding(days: -1),
                from..<clock.instant(end, minute: 0)
            )
        }
    }

    /// From the start of the first period to the end of the last one.
    var range: Range<Timestamp> {
        let (start, end) = (periods.first?.range.lowerBound, periods.last?.range.upperBound)
        return (start ?? Timestamp(seconds: 0))..<(end ?? Timestamp(seconds: 0))
    }

    /// The first day of each period, oldest first. The last period has not ended.
    private static func starts(of span: Span, _ today: CivilDate) -> [CivilDate] {
        switch span {
        case .week, .month: return (0..<span.rawValue).map { today.adding(days: $0 - span.rawValue + 1) }
        case .quarter:
            let monday = today.adding(days: 1 - today.weekday)
            return (0..<13).map { monday.adding(days: 7 * ($0 - 12)) }
        case .year:
            let months = today.year * 12 + today.month - 1
            return ((months - 11)...months).compactMap { CivilDate(year: $0 / 12, month: $0 % 12 + 1, day: 1) }
        }
    }

    private static func name(of start: CivilDate, _ span: Span, _ day: String) -> String {
        switch span {
        case .week, .month: day
        case .quarter: "Week of \(day)"
        // `Sun 1 Nov 2026` without weekday and day.
        case .year: day.split(separator: " ").suffix(2).joined(separator: " ")
        }
    }
}
