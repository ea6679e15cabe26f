/// The same local hours on some days of each week.
///
/// They begin and end at local times, whatever happens to the clocks in between. When the clocks jump over a border,
/// it is the first instant after the jump; when a border comes twice, it is the first of the two. So hours last an
/// hour less or more on the nights of a change, and they never end at another local time than the one they name.
/// Schedule restrictions, routes of policies, weekly maintenance windows and quiet hours all follow this rule.
package struct WeeklyHours: Sendable, Hashable {
    /// The days on which they begin: Monday is 1, Sunday 7.
    package var weekdays: Set<Int>
    package var from: TimeOfDay
    /// At or before `from`: on the next day.
    package var to: TimeOfDay

    package init(weekdays: Set<Int> = Set(1...7), from: Int, to: Int) {
        self.weekdays = weekdays
        self.from = TimeOfDay(from)
        self.to = TimeOfDay(to)
    }

    /// The hours that begin on a day, whatever day of the week it is.
    package func span(on day: CivilDate, _ clock: LocalClock) -> Range<Timestamp> {
        let begin = clock.instant(day, minute: from.minute)
        let last = to > from ? day : day.adding(days: 1)
        return begin..<max(begin, clock.instant(last, minute: to.minute))
    }

    package func contains(_ instant: Timestamp, _ clock: LocalClock) -> Bool { end(covering: instant, clock) != nil }

    /// When the hours that cover an instant end; nil when none do. The end itself is not covered.
    package func end(covering instant: Timestamp, _ clock: LocalClock) -> Timestamp? {
        let today = clock.date(at: instant)
        return [today.adding(days: -1), today].compactMap { day in
            guard weekdays.contains(day.weekday) else { return nil }
            let span = span(on: day, clock)
            return span.contains(instant) ? span.upperBound : nil
        }.max()
    }
}

extension Schedule.Restriction {
    var hours: WeeklyHours { WeeklyHours(weekdays: weekdays, from: fromMinute, to: toMinute) }
}

extension MaintenanceWindow.Weekly {
    var hours: WeeklyHours { WeeklyHours(weekdays: weekdays, from: fromMinute, to: toMinute) }
}

extension EscalationPolicy.Hours {
    /// Whether an instant is within the hours; in UTC where the zone is not known.
    package func contains(_ instant: Timestamp) -> Bool {
        WeeklyHours(weekdays: weekdays, from: fromMinute, to: toMinute)
            .contains(instant, LocalClock(timeZone) ?? .utc)
    }
}

extension QuietHours {
    /// When the quiet hours that cover an instant end; nil when none do. Hours that end when they begin are none.
    package func end(covering instant: Timestamp, timeZone: String) -> Timestamp? {
        guard fromMinute != toMinute else { return nil }
        return WeeklyHours(from: fromMinute, to: toMinute).end(covering: instant, LocalClock(timeZone) ?? .utc)
    }
}
