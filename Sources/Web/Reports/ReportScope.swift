internal import Domain

/// The scope of a report: a number of days until a day, divided into the reader's calendar periods, for one team or all.
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

        /// The number of periods.
        fileprivate var count: Int {
            switch self {
            case .week, .month: rawValue
            case .quarter: 13
            case .year: 12
            }
        }

        /// The first day of the period that contains a day.
        fileprivate func period(with day: CivilDate) -> CivilDate {
            switch self {
            case .week, .month: day
            case .quarter: day.adding(days: 1 - day.weekday)
            case .year: day.adding(days: 1 - day.day)
            }
        }

        /// The first day of the period that comes a number of periods after another one.
        fileprivate func period(_ number: Int, after start: CivilDate) -> CivilDate {
            switch self {
            case .week, .month: start.adding(days: number)
            case .quarter: start.adding(days: 7 * number)
            case .year: start.adding(months: number)
            }
        }
    }

    /// No PagerPal is as old.
    private static let earliest = CivilDate(daysSince1970: 10_000)

    let span: Span
    let team: TeamID?
    /// The periods with their first and last days.
    let periods: [(name: String, first: CivilDate, last: CivilDate, range: Range<Timestamp>)]
    /// The last day if it is not today.
    let until: CivilDate?
    /// The last days of the spans before and after this one. Nil if there is none after it.
    let earlier: CivilDate
    let later: CivilDate?

    /// - Parameters:
    ///   - days: one of the spans. Any other value gives a month.
    ///   - until: a day of the last period. Today if it is no day, or a later one.
    ///   - team: an existing team. Any other value gives all teams.
    init(days: String, until: String, team: String, _ configuration: Configuration, _ reader: Reader) {
        let span = Int(days).flatMap(Span.init) ?? .month
        self.span = span
        self.team = configuration.teams[TeamID(team)]?.id
        let clock = reader.local
        let today = clock.date(at: reader.now)
        let day = max(min(CivilDate(until) ?? today, today), ReportScope.earliest)
        let start = span.period(with: day)
        let last = min(span.period(1, after: start), today.adding(days: 1)).adding(days: -1)
        let starts = (1 - span.count...0).map { span.period($0, after: start) }
        self.until = last < today ? last : nil
        earlier = (starts.first ?? start).adding(days: -1)
        later = last < today ? min(span.period(span.count + 1, after: start).adding(days: -1), today) : nil
        periods = starts.enumerated().map { index, start in
            let end = index + 1 < starts.count ? starts[index + 1] : last.adding(days: 1)
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

    private static func name(of start: CivilDate, _ span: Span, _ day: String) -> String {
        switch span {
        case .week, .month: day
        case .quarter: "Week of \(day)"
        // `Sun 1 Nov 2026` without weekday and day.
        case .year: day.split(separator: " ").suffix(2).joined(separator: " ")
        }
    }
}
