extension Schedule.Layer {
    /// Whose turn it is; nil before the start, outside of the restrictions and in a turn of nobody.
    func person(at instant: Timestamp, _ clock: LocalClock) -> UserID? {
        guard !participants.isEmpty, rotation.count > 0, let turn = turn(at: instant, clock) else { return nil }
        guard restrictions.isEmpty || restrictions.contains(where: { $0.contains(instant, clock) }) else { return nil }
        return participants[turn % participants.count]
    }

    /// Turns count from 0 at the start; nil before it.
    private func turn(at instant: Timestamp, _ clock: LocalClock) -> Int? {
        guard instant >= beginning(ofTurn: 0, clock) else { return nil }
        var turn: Int
        let days = Int(clock.date(at: instant).daysSince1970 - start.daysSince1970)
        switch rotation.unit {
        case .hour:
            let elapsed = instant.seconds - beginning(ofTurn: 0, clock).seconds
            return Int(elapsed / Int64(rotation.count * 3600))
        case .day: turn = days / rotation.count
        case .week: turn = days / (7 * rotation.count)
        case .month:
            let date = clock.date(at: instant)
            turn = ((date.year - start.year) * 12 + date.month - start.month) / rotation.count
        }
        // The estimate by the calendar is one off at most: the hand-off may be later in the day.
        turn = max(turn, 0)
        while turn > 0, beginning(ofTurn: turn, clock) > instant { turn -= 1 }
        while beginning(ofTurn: turn + 1, clock) <= instant { turn += 1 }
        return turn
    }

    private func beginning(ofTurn turn: Int, _ clock: LocalClock) -> Timestamp {
        let minute = rotation.handOffMinute
        switch rotation.unit {
        case .hour: return clock.instant(start, minute: minute) + .hours(turn * rotation.count)
        case .day: return clock.instant(start.adding(days: turn * rotation.count), minute: minute)
        case .week: return clock.instant(start.adding(days: turn * rotation.count * 7), minute: minute)
        case .month: return clock.instant(start.adding(months: turn * rotation.count), minute: minute)
        }
    }

    /// The instants in a span at which the person may change.
    func borders(from: Timestamp, to: Timestamp, _ clock: LocalClock) -> Set<Timestamp> {
        var borders: Set<Timestamp> = []
        guard !participants.isEmpty, rotation.count > 0 else { return borders }
        var next = turn(at: from, clock).map { $0 + 1 } ?? 0
        while true {
            let border = beginning(ofTurn: next, clock)
            guard border < to else { break }
            borders.insert(border)
            next += 1
        }
        guard !restrictions.isEmpty else { return borders }
        var day = clock.date(at: from).adding(days: -1)
        let last = clock.date(at: to)
        while day <= last {
            for restriction in restrictions where restriction.weekdays.contains(day.weekday) {
                borders.insert(clock.instant(day, minute: restriction.fromMinute))
                let end = restriction.toMinute > restriction.fromMinute ? day : day.adding(days: 1)
                borders.insert(clock.instant(end, minute: restriction.toMinute))
            }
            day = day.adding(days: 1)
        }
        return borders
    }
}

extension Schedule.Restriction {
    /// By the instants at which its hours begin and end, so that it agrees with the borders also when the clocks jump.
    func contains(_ instant: Timestamp, _ clock: LocalClock) -> Bool {
        let today = clock.date(at: instant)
        return [today.adding(days: -1), today].contains { day in
            guard weekdays.contains(day.weekday) else { return false }
            let end = toMinute > fromMinute ? day : day.adding(days: 1)
            return clock.instant(day, minute: fromMinute) <= instant && instant < clock.instant(end, minute: toMinute)
        }
    }
}

extension CivilDate {
    /// The same day of a later month, or that month's last day.
    func adding(months: Int) -> CivilDate {
        let count = year * 12 + month - 1 + months
        let (year, month) = (count / 12, count % 12 + 1)
        let day = min(day, CivilDate.length(ofMonth: month, year: year))
        return CivilDate(year: year, month: month, day: day) ?? self
    }
}
