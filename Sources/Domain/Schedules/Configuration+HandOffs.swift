extension Configuration {
    /// A change of the people on call in a schedule.
    package struct Handoff: Sendable, Hashable {
        package var scheduleID: ScheduleID
        package var people: [UserID]
        /// The notices for the people who just came on call.
        package var notices: [Notice]
    }

    /// A shift that its person is notified of once, a day ahead.
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
        /// The earliest time at which it may leave. Quiet hours delay it.
        package var dueAt: Timestamp
    }

    /// How long before a shift its person is notified.
    package static let shiftNotice: Duration = .hours(24)

    /// Returns the handoffs since the last check. A schedule seen for the first time notifies nobody.
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
                    // If quiet hours last until the shift is over, do not send the notice at all.
                    return notices(to: person, "You are now on call for \(schedule.name)\(end).", at: now)
                        .filter { notice in until.map { notice.dueAt < $0 } ?? true }
                })
        }
    }

    /// Returns the shifts that begin within a day, for people who want to be notified.
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

    /// Returns when `handoffs` or `shiftsAhead` may next return something. Nil when that is not within two weeks.
    package func nextHandoff(after now: Timestamp) -> Timestamp? {
        let tells = users.values.contains { $0.tellsShiftAhead && $0.isEnabled }
        return schedules.values.flatMap { schedule -> [Timestamp] in
            let shifts = schedule.shifts(from: now, to: now + .days(15), isPresent: isPresent).dropFirst()
            let ahead = tells ? shifts.map { $0.from - Configuration.shiftNotice } : []
            return (shifts.prefix(1).map(\.from) + ahead).filter { $0 > now }
        }.min()
    }

    /// Follows the person's low-urgency rules without a delay.
    private func notices(to person: UserID, _ text: String, at now: Timestamp) -> [Notice] {
        wishes(of: person, urgency: .low).filter { $0.delay == .zero }.map { wish in
            Notice(
                text: text, contactMethod: wish.contactMethod,
                dueAt: leaving(now, user: person, urgency: .low))
        }
    }

    /// Formats an instant in a person's time zone, with the zone's name: `Sat 2026-03-07 03:00 (Europe/Zagreb)`.
    package func local(_ instant: Timestamp, of person: UserID) -> String {
        let zone = users[person]?.timeZone ?? "UTC"
        return "\(instant.local(in: zone, users[person]?.clock ?? .hours24)) (\(zone))"
    }
}
