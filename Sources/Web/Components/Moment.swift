internal import Domain

/// The reader of a web page: the time zone and the current instant.
struct Reader: Sendable {
    var now: Timestamp
    /// An IANA name, or UTC if the time zone is not known.
    let timeZone: String
    let form: ClockForm
    /// The clock on their wall.
    let local: LocalClock

    init(now: Timestamp, timeZone: String, form: ClockForm = .hours24) {
        (self.now, self.timeZone, self.form) = (now, timeZone, form)
        local = LocalClock(timeZone) ?? .utc
    }

    /// Formats an instant for this reader.
    func moment(_ instant: Timestamp) -> Moment {
        Moment(
            iso: Timestamp(seconds: instant.seconds).rfc3339, exact: exact(instant),
            relative: relativeWords(from: now, to: instant), instant: instant, reader: self)
    }

    /// `Wed 4 Mar 2026, 13:05:09` in the reader's time zone, with its offset from UTC.
    func exact(_ instant: Timestamp) -> String {
        let offset = local.offset(at: instant.seconds)
        return "\(day(instant)), \(timeWithSeconds(instant)) \(offsetWords(offset))"
    }

    /// `13:05:09` if it is of today, otherwise `Wed 4 Mar 2026, 13:05:09`.
    func clock(_ instant: Timestamp) -> String {
        let today = day(now)
        let other = day(instant)
        return today == other ? timeWithSeconds(instant) : "\(other), \(timeWithSeconds(instant))"
    }

    private func timeWithSeconds(_ instant: Timestamp) -> String {
        let offset = local.offset(at: instant.seconds)
        let second = (instant.seconds + offset) - (instant.seconds + offset).flooredQuotient(by: 60) * 60
        return form.words(minute: local.minute(at: instant), second: Int(second))
    }

    func words(_ time: TimeOfDay) -> String { form.words(minute: time.minute) }

    /// `09:00 to 17:00`.
    func words(_ hours: WeeklyHours) -> String { "\(words(hours.from)) to \(words(hours.to))" }

    /// `13:05`.
    func time(_ instant: Timestamp) -> String { form.words(minute: local.minute(at: instant)) }

    /// `Wed 4 Mar 2026`.
    func day(_ instant: Timestamp) -> String {
        let date = local.date(at: instant)
        let weekdays = Weekday.shortNames
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        return "\(weekdays[date.weekday - 1]) \(date.day) \(months[date.month - 1]) \(date.year)"
    }

    private func offsetWords(_ offset: Int64) -> String {
        guard offset != 0 else { return "UTC" }
        let minutes = Int(abs(offset) / 60)
        return "UTC\(offset < 0 ? "−" : "+")\(twoDigits(minutes / 60)):\(twoDigits(minutes % 60))"
    }
}

/// An instant as a web page shows it: relative, with the time of day beside it, since a phone can't hover. The script
/// keeps the relative time up to date.
struct Moment: Sendable {
    let iso: String
    let exact: String
    let relative: String
    fileprivate let instant: Timestamp
    fileprivate let reader: Reader

    /// `3 min ago (13:05)`, and `2 d ago (Wed 4 Mar, 13:05)`.
    var html: HTML {
        let isToday = reader.day(instant) == reader.day(reader.now)
        return "\(alone) (\(isToday ? reader.time(instant) : reader.local(instant)))"
    }

    /// With seconds: `3 min ago (13:05:09)`.
    var dated: HTML { "\(alone) (\(reader.clock(instant)))" }

    /// `3 min ago`, where the time of day stands beside it already.
    var alone: HTML { "<time datetime=\"\(iso)\" title=\"\(exact)\">\(relative)</time>" }

    /// A time to which the script counts down second by second.
    var countdown: HTML {
        "<time class=\"countdown\" data-countdown datetime=\"\(iso)\" title=\"\(exact)\">\(relative)</time>"
    }
}

/// `3 min ago`, `in 2 h`, `just now`. Keep the same wording in app.js.
func relativeWords(from now: Timestamp, to instant: Timestamp) -> String {
    let seconds = (instant - now).components.seconds
    let words = length(.seconds(abs(seconds)))
    if abs(seconds) < 5 { return "just now" }
    return seconds > 0 ? "in \(words)" : "\(words) ago"
}

/// A duration in its largest unit: `45 s`, `3 min`, `2 h`, `5 d`.
func length(_ duration: Duration) -> String {
    let seconds = duration.components.seconds
    switch seconds {
    case ..<90: return "\(seconds) s"
    case ..<5_400: return "\((seconds + 30) / 60) min"
    case ..<129_600: return "\((seconds + 1_800) / 3_600) h"
    default: return "\((seconds + 43_200) / 86_400) d"
    }
}

/// A number with a leading zero if it has only one digit.
func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : String(number) }
