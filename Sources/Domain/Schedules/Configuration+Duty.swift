extension Configuration {
    /// Who is on call in a schedule, until when, and who comes next.
    package struct Duty: Sendable, Hashable {
        package var people: [UserID]
        /// When they came on call. Nil when that was more than `Limits.past` ago.
        package var since: Timestamp?
        /// Nil when nothing changes within `Limits.ahead`.
        package var until: Timestamp?
        package var next: [UserID]

        package enum Limits {
            package static let past: Duration = .days(62)
            package static let ahead: Duration = .days(366)
        }
    }

    /// Searches a short time ahead first, and further only if nothing changes for long.
    package func duty(in schedule: Schedule, at now: Timestamp) -> Duty {
        let past = schedule.shifts(from: now - Duty.Limits.past, to: now + .microseconds(1), isPresent: isPresent)
        let people = past.last?.people ?? []
        let since = past.count > 1 ? past.last?.from : nil
        for span in [Duration.days(15), Duty.Limits.ahead] {
            let shifts = schedule.shifts(from: now, to: now + span, isPresent: isPresent)
            if shifts.count > 1 {
                return Duty(people: people, since: since, until: shifts[0].to, next: shifts[1].people)
            }
        }
        return Duty(people: people, since: since, until: nil, next: [])
    }
}
