extension Schedule.Layer {
    /// Whether a participant can be on call. Disabled users cannot, and their turns go to the next participant.
    package typealias Presence = (UserID) -> Bool

    /// Returns the person whose turn it is. Nil before the start, after the end, outside the restrictions and in an
    /// empty turn.
    func person(at instant: Timestamp, _ clock: LocalClock, _ isPresent: Presence) -> UserID? {
        guard !participants.isEmpty, rotation.count > 0, let turn = turn(at: instant, clock) else { return nil }
        if let end = ending(clock), instant >= end { return nil }
        guard restrictions.isEmpty || restrictions.contains(where: { $0.contains(instant, clock) }) else {
            return nil
        }
        return person(ofTurn: turn, isPresent)
    }

    /// Returns the participant of a turn, or the next participant who is present.
    private func person(ofTurn turn: Int, _ isPresent: Presence) -> UserID? {
        let place = place(ofTurn: turn)
        guard participants[place] != nil else { return nil }
        for step in participants.indices {
            if let person = participants[(place + step) % participants.count], isPresent(person) { return person }
        }
        return nil
    }

    func place(ofTurn turn: Int) -> Int { (turn + firstPlace % participants.count) % participants.count }

    /// Returns the number of the turn, counted from 0 at the start. Nil before the start.
    func turn(at instant: Timestamp, _ clock: LocalClock) -> Int? {
        let first = beginning(ofTurn: 0, clock)
        guard rotation.count > 0, instant >= first else { return nil }
        var turn: Int
        let date = clock.date(at: instant)
        let days = Int(date.daysSince1970 - start.daysSince1970)
        switch rotation.unit {
        case .hour: return Int((instant.seconds - first.seconds) / Int64(rotation.count * 3600))
        case .day: turn = days / rotation.count
        case .week: turn = days / (7 * rotation.count)
        case .month: turn = ((date.year - start.year) * 12 + date.month - start.month) / rotation.count
        }
        // The calendar estimate is at most one too high, because the handoff may be later in the day.
        turn = max(turn, 0)
        while turn > 0, beginning(ofTurn: turn, clock) > instant { turn -= 1 }
        while beginning(ofTurn: turn + 1, clock) <= instant { turn += 1 }
        return turn
    }

    func beginning(ofTurn turn: Int, _ clock: LocalClock) -> Timestamp {
        let minute = rotation.handOffMinute
        switch rotation.unit {
        case .hour: return clock.instant(start, minute: minute) + .hours(turn * rotation.count)
        case .day: return clock.instant(start.adding(days: turn * rotation.count), minute: minute)
        case .week: return clock.instant(start.adding(days: turn * rotation.count * 7), minute: minute)
        case .month: return clock.instant(start.adding(months: turn * rotation.count), minute: minute)
        }
    }

    private func ending(_ clock: LocalClock) -> Timestamp? {
        end.map { clock.instant($0, minute: rotation.handOffMinute) }
    }

    /// Returns the turns within a span of time, cut to the span and to the restrictions, without empty turns.
    func spans(from: Timestamp, to limit: Timestamp, _ clock: LocalClock, _ isPresent: Presence) -> [Schedule.Span] {
        guard !participants.isEmpty, rotation.count > 0 else { return [] }
        let to = min(limit, ending(clock) ?? limit)
        var turn = turn(at: from, clock) ?? 0
        var begin = beginning(ofTurn: turn, clock)
        var turns: [Schedule.Span] = []
        while begin < to {
            let end = beginning(ofTurn: turn + 1, clock)
            if let person = person(ofTurn: turn, isPresent), max(begin, from) < min(end, to) {
                turns.append(Schedule.Span(from: max(begin, from), to: min(end, to), person: person))
            }
            (turn, begin) = (turn + 1, end)
        }
        return restrictions.isEmpty ? turns : cut(turns, to: hours(from: from, to: to, clock))
    }

    /// Returns the hours that the restrictions allow, in order.
    private func hours(from: Timestamp, to: Timestamp, _ clock: LocalClock) -> [Range<Timestamp>] {
        var hours: [Range<Timestamp>] = []
        var day = clock.date(at: from).adding(days: -1)
        let last = clock.date(at: to)
        while day <= last {
            for restriction in restrictions where restriction.begin(on: day) {
                let span = restriction.span(on: day, clock)
                if span.lowerBound < to, span.upperBound > from, !span.isEmpty { hours.append(span) }
            }
            day = day.adding(days: 1)
        }
        return hours.sorted { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) }
    }

    /// Both inputs are in order. Hours may touch or overlap where the clocks jump.
    private func cut(_ turns: [Schedule.Span], to hours: [Range<Timestamp>]) -> [Schedule.Span] {
        var result: [Schedule.Span] = []
        var first = 0
        for turn in turns {
            var reached = turn.from
            while first < hours.count, hours[first].upperBound <= turn.from { first += 1 }
            for span in hours[first...] {
                guard span.lowerBound < turn.to else { break }
                let (from, to) = (max(span.lowerBound, reached), min(span.upperBound, turn.to))
                if from < to { result.append(Schedule.Span(from: from, to: to, person: turn.person)) }
                reached = max(reached, to)
            }
        }
        return result
    }
}
