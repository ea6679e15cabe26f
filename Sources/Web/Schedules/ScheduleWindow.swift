internal import Domain

/// The weeks of a schedule that a request selects: `?view=month&from=2026-03-01&zone=mine`.
struct ScheduleWindow {
    let span: ScheduleView.Window.Span
    /// The selected local day.
    let day: CivilDate
    let isMine: Bool
    let reader: Reader
    let clock: LocalClock
    private let path: Path

    /// - Parameter zone: the schedule's time zone, used unless the request selects the user's own.
    init(_ request: WebRequest, _ path: Path, zone: String) {
        span = ScheduleView.Window.Span(rawValue: request.query("view")) ?? .twoWeeks
        isMine =
            request.query("zone") == "mine"
            || request.form["zone"] == request.reader.timeZone && request.form["zone"] != zone
        reader = Reader(now: request.now, timeZone: isMine ? request.reader.timeZone : zone, form: request.reader.form)
        clock = reader.local
        let asked = CivilDate(request.query("from")).flatMap { (1970...2200).contains($0.year) ? $0 : nil }
        day = asked ?? clock.date(at: request.now)
        self.path = path
    }

    /// The Monday on which the drawing starts.
    var monday: CivilDate {
        let first = span == .month ? day.adding(days: 1 - day.day) : day
        return first.adding(days: 1 - first.weekday)
    }

    var weeks: Int {
        guard span == .month else { return 2 }
        let last = day.adding(days: CivilDate.length(ofMonth: day.month, year: day.year) - day.day)
        return Int(last.daysSince1970 - monday.daysSince1970) / 7 + 1
    }

    /// The month whose days are highlighted, or nil for all days.
    var month: Int? { span == .month ? day.month : nil }

    var begin: Timestamp { clock.instant(monday, minute: 0) }
    var end: Timestamp { clock.instant(monday.adding(days: weeks * 7), minute: 0) }

    /// The same web page for another day, span or time zone.
    func link(
        _ day: CivilDate?, _ span: ScheduleView.Window.Span? = nil, isMine: Bool? = nil,
        and more: [(name: String, value: String)] = []
    ) -> Path {
        path.with(
            [
                ("view", (span ?? self.span) == .month ? "month" : ""), ("from", day.map { "\($0)" } ?? ""),
                ("zone", (isMine ?? self.isMine) ? "mine" : ""),
            ] + more)
    }

    /// The window with its label and its links to other windows.
    ///
    /// - Parameter own: the user's time zone.
    func model(scheduleZone: String, own: String) -> ScheduleView.Window {
        let back = span == .month ? day.adding(days: -day.day) : day.adding(days: -14)
        let length = CivilDate.length(ofMonth: day.month, year: day.year)
        let on = span == .month ? day.adding(days: length - day.day + 1) : day.adding(days: 14)
        let zones = [("Schedule’s: \(scheduleZone)", false), ("Mine: \(own)", true)]
        return ScheduleView.Window(
            span: span, label: label, before: link(back.adding(days: span == .month ? 1 - back.day : 0)),
            after: link(on), today: link(nil),
            spans: [
                ("Two weeks", link(day, .twoWeeks), span == .twoWeeks), ("Month", link(day, .month), span == .month),
            ],
            zones: scheduleZone == own ? [] : zones.map { ($0.0, link(day, isMine: $0.1), $0.1 == isMine) })
    }

    /// `2 to 15 March 2026`, `March 2026`.
    private var label: String {
        guard span == .twoWeeks else { return "\(monthNames[day.month - 1]) \(day.year)" }
        let last = monday.adding(days: 13)
        let end = "\(last.day) \(monthNames[last.month - 1]) \(last.year)"
        if monday.month == last.month { return "\(monday.day) to \(end)" }
        return "\(monday.day) \(monthNames[monday.month - 1]) to \(end)"
    }
}

let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]
