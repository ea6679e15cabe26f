/// The same local hours on certain days of each week.
///
/// The hours begin and end at local times. If the clocks skip a border, it falls on the first instant after the jump.
/// If a border occurs twice, the first occurrence counts. On the night of a change the hours may therefore be an hour
/// shorter or longer, but they always end at the local time they name. Schedule restrictions, policy routes, weekly
/// maintenance windows and quiet hours all follow this rule.
package struct WeeklyHours: Sendable, Hashable {
    /// The days on which the hours begin: Monday is 1, Sunday is 7.
    package var weekdays: Set<Int>
    package var from: TimeOfDay
    /// A time at or before `from` is on the next day.
    package var to: TimeOfDay

    package init(weekdays: Set<Int> = Set(1...7), from: Int, to: Int) {
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

    package func contains(_ instant: Timestamp, _ clock: LocalClock) -> Bool { end(covering: instant, clock) != nil }

    /// Returns the end of the hours that cover an instant, or nil if none do. The end itself is not covered.
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
    /// Whether an instant is within the hours. An unknown zone counts as UTC.
    package func contains(_ instant: Timestamp) -> Bool {
        WeeklyHours(weekdays: weekdays, from: fromMinute, to: toMinute)
            .contains(instant, LocalClock(timeZone) ?? .utc)
    }
}

extension QuietHours {
    /// Returns the end of the quiet hours that cover an instant, or nil if none do. Equal times mean no hours.
    package func end(covering instant: Timestamp, timeZone: String) -> Timestamp? {
        guard fromMinute != toMinute else { return nil }
        return WeeklyHours(from: fromMinute, to: toMinute).end(covering: instant, LocalClock(timeZone) ?? .utc)
    }
}
