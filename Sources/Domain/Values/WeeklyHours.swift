/// The same local hours on certain days of each week.
///
/// They begin and end at local times, whatever happens to the clocks in between. When the clocks jump over a border,
/// it is the first instant after the jump. When a border comes twice, it is the first of the two. So hours last an
/// hour less or more on the nights of a change, and they never end at another local time than the one they name.
/// Restrictions of layers, routes of policies, weekly maintenance windows and quiet hours all follow this rule.
package struct WeeklyHours: Sendable, Hashable {
    /// The days on which they begin.
    package var weekdays: Set<Weekday>
    package var from: TimeOfDay
    /// A time at or before `from` is on the next day.
    package var to: TimeOfDay

    /// - Parameters:
    ///   - from: minutes since midnight.
    ///   - to: minutes since midnight, up to 1440.
    package init(weekdays: Set<Weekday> = Set(Weekday.allCases), from: Int, to: Int) {
        self.weekdays = weekdays
        self.from = TimeOfDay(from)
        self.to = TimeOfDay(to)
    }

    /// Returns the hours that begin on a day, ignoring its day of the week.
    package func span(on day: CivilDate, _ clock: LocalClock) -> Range<Timestamp> {
        let begin = clock.instant(day, minute: from.minute)
        let last = to > from ? day : day.adding(days: 1)
        return begin..<max(begin, clock.instant(last, minute: to.minute))
    }

    package func begin(on day: CivilDate) -> Bool {
        weekdays.contains { $0.rawValue == day.weekday }
    }

    package func contains(_ instant: Timestamp, _ clock: LocalClock) -> Bool { end(covering: instant, clock) != nil }

    /// Returns the end of the hours that cover an instant, or nil if none do. The end itself is not covered.
    package func end(covering instant: Timestamp, _ clock: LocalClock) -> Timestamp? {
        let today = clock.date(at: instant)
        return [today.adding(days: -1), today].compactMap { day in
            guard begin(on: day) else { return nil }
            let span = span(on: day, clock)
            return span.contains(instant) ? span.upperBound : nil
        }.max()
    }

    /// Whether some minute of the week belongs to both.
    package func overlaps(_ other: WeeklyHours) -> Bool {
        minutesOfWeek.contains { mine in other.minutesOfWeek.contains { mine.overlaps($0) } }
    }

    /// Minutes since Monday 00:00. What passes Sunday's midnight goes on at the week's beginning.
    private var minutesOfWeek: [Range<Int>] {
        let (day, week) = (1440, 7 * 1440)
        return weekdays.flatMap { weekday -> [Range<Int>] in
            let midnight = (weekday.rawValue - 1) * day
            let begin = midnight + from.minute
            let end = midnight + (to > from ? to.minute : to.minute + day)
            return end > week ? [begin..<week, 0..<(end - week)] : [begin..<max(begin, end)]
        }
    }
}

/// Weekly hours in a time zone of their own.
package struct ZonedHours: Sendable, Hashable {
    /// An IANA name like `Europe/Zagreb`.
    package var timeZone: String
    package var hours: WeeklyHours

    package init(timeZone: String, hours: WeeklyHours) {
        self.timeZone = timeZone
        self.hours = hours
    }

    package init(timeZone: String, weekdays: Set<Weekday>, from: Int, to: Int) {
        self.init(timeZone: timeZone, hours: WeeklyHours(weekdays: weekdays, from: from, to: to))
    }

    package func contains(_ instant: Timestamp) -> Bool { end(covering: instant) != nil }

    /// When the hours that cover an instant end; nil when none do. In UTC where the zone is not known.
    package func end(covering instant: Timestamp) -> Timestamp? {
        hours.end(covering: instant, LocalClock(timeZone) ?? .utc)
    }
}

/// The hours of each day in which a person's low-urgency pages wait. They may pass midnight, like 22:00 to 07:00.
package struct QuietHours: Sendable, Hashable {
    package var from: TimeOfDay
    package var to: TimeOfDay

    /// - Parameters: minutes since midnight.
    package init(from: Int, to: Int) {
        self.from = TimeOfDay(from)
        self.to = TimeOfDay(to)
    }

    /// When the quiet hours that cover an instant end; nil when none do. Hours that end when they begin are none.
    package func end(covering instant: Timestamp, timeZone: String) -> Timestamp? {
        guard from != to else { return nil }
        return ZonedHours(timeZone: timeZone, hours: WeeklyHours(from: from.minute, to: to.minute))
            .end(covering: instant)
    }
}
