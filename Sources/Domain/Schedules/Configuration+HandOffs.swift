extension Configuration {
    /// Somebody else is on call in a schedule than was known.
    package struct Handoff: Sendable, Hashable {
        package var scheduleID: ScheduleID
        package var people: [UserID]
        /// What to tell those who have just come on call.
        package var notices: [Notice]
    }

    /// A shift that somebody is told of a day ahead, once.
    package struct ShiftAhead: Sendable, Hashable {
        package var scheduleID: ScheduleID
        package var userID: UserID
        package var beginsAt: Timestamp
        package var notices: [Notice]
    }

    /// A message to one contact method that belongs to no incident.
    package struct Notice: Sendable, Hashable {
        package var text: String
        package var contactMethod: ContactMethod
        /// When it may leave: not in the person's quiet hours.
        package var dueAt: Timestamp
    }

    /// How long before a shift its person is told.
    package static let shiftNotice: Duration = .hours(24)

    /// What has changed since it was last seen to. A schedule that is seen for the first time tells nobody.
    package func handoffs(since known: [ScheduleID: [UserID]], at now: Timestamp) -> [Handoff] {
        schedules.values.sorted { $0.id < $1.id }.compactMap { schedule in
            let people = schedule.onCall(at: now, isPresent: isPresent)
            guard let before = known[schedule.id] else {
                return Handoff(scheduleID: schedule.id, people: people, notices: [])
            }
            guard before != people else { return nil }
            let newcomers = people.filter { !before.contains($0) && users[$0]?.tellsHandOff == true }
            let until = newcomers.isEmpty ? nil : duty(in: schedule, at: now).until
            return Handoff(
                scheduleID: schedule.id, people: people,
                notices: newcomers.flatMap { person in
                    let end = until.map { " until \(local($0, of: person))" } ?? ""
                    // What quiet hours would hold until the shift is over is not sent at all.
                    return notices(to: person, "You are now on call for \(schedule.name)\(end).", at: now)
                        .filter { notice in until.map { notice.dueAt < $0 } ?? true }
                })
        }
    }

    /// The shifts that begin within a day, of people who want to be told.
    package func shiftsAhead(at now: Timestamp) -> [ShiftAhead] {
        let wanting = Set(users.values.filter { $0.tellsShiftAhead && $0.isEnabled }.map(\.id))
        guard !wanting.isEmpty else { return [] }
        return schedules.values.sorted { $0.id < $1.id }.flatMap { schedule -> [ShiftAhead] in
            let shifts = schedule.shifts(
                from: now, to: now + Configuration.shiftNotice + .seconds(1), isPresent: isPresent)
            return zip(shifts, shifts.dropFirst()).flatMap { before, shift in
                shift.people.filter { wanting.contains($0) && !before.people.contains($0) }.map { person in
                    let text = "Your shift in \(schedule.name) starts \(local(shift.from, of: person))."
                    return ShiftAhead(
                        scheduleID: schedule.id, userID: person, beginsAt: shift.from,
                        notices: notices(to: person, text, at: now).filter { $0.dueAt < shift.from })
                }
            }
        }
    }

    /// When `handoffs` or `shiftsAhead` may next have something to say; nil when not within two weeks.
    package func nextHandoff(after now: Timestamp) -> Timestamp? {
        let tells = users.values.contains { $0.tellsShiftAhead && $0.isEnabled }
        return schedules.values.flatMap { schedule -> [Timestamp] in
            let shifts = schedule.shifts(from: now, to: now + .days(15), isPresent: isPresent).dropFirst()
            let ahead = tells ? shifts.map { $0.from - Configuration.shiftNotice } : []
            return (shifts.prefix(1).map(\.from) + ahead).filter { $0 > now }
        }.min()
    }

    /// By the person's rules for low urgency that act at once.
    private func notices(to person: UserID, _ text: String, at now: Timestamp) -> [Notice] {
        wishes(of: person, urgency: .low).filter { $0.delay == .zero }.map { wish in
            Notice(
                text: text, contactMethod: wish.contactMethod,
                dueAt: leaving(now, user: person, urgency: .low))
        }
    }

    /// An instant in a person's own time, with the zone's name: `Sat 2026-03-07 03:00 (Europe/Zagreb)`.
    package func local(_ instant: Timestamp, of person: UserID) -> String {
        let zone = users[person]?.timeZone ?? "UTC"
        return "\(instant.local(in: zone)) (\(zone))"
    }
}
