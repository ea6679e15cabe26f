/// A span of time in which an edit puts other people on call.
package struct ShiftChange: Sendable, Hashable {
    package var from: Timestamp
    package var to: Timestamp
    /// Who is on call without the edit. Empty for nobody.
    package var before: [UserID]
    /// Who is on call with it.
    package var after: [UserID]

    package init(from: Timestamp, to: Timestamp, before: [UserID], after: [UserID]) {
        (self.from, self.to, self.before, self.after) = (from, to, before, after)
    }
}

extension Configuration {
    /// How far ahead an edit's changes are looked for.
    package static let editHorizon: Duration = .days(84)

    /// Returns which shifts of a schedule differ in another configuration, in order of time. Spans with the same people
    /// before and after are one. A schedule that one of the two lacks has nobody on call there.
    package func shiftChanges(
        to next: Configuration, in schedule: ScheduleID, from: Timestamp, to end: Timestamp
    ) -> [ShiftChange] {
        let (old, new) = (shifts(of: schedule, from, end), next.shifts(of: schedule, from, end))
        let borders = Set((old + new).flatMap { [$0.from, $0.to] }).sorted()
        var (changes, oldPlace, newPlace): ([ShiftChange], Int, Int) = ([], 0, 0)
        for (from, to) in zip(borders, borders.dropFirst()) {
            while oldPlace < old.count, old[oldPlace].to <= from { oldPlace += 1 }
            while newPlace < new.count, new[newPlace].to <= from { newPlace += 1 }
            let before = oldPlace < old.count ? old[oldPlace].people : []
            let after = newPlace < new.count ? new[newPlace].people : []
            if Set(before) == Set(after) { continue }
            if let last = changes.last, last.to == from, last.before == before, last.after == after {
                changes[changes.count - 1].to = to
            } else {
                changes.append(ShiftChange(from: from, to: to, before: before, after: after))
            }
        }
        return changes
    }

    /// The same for all schedules, without those in which nothing changes.
    package func shiftChanges(
        to next: Configuration, from: Timestamp, to end: Timestamp
    ) -> [(schedule: ScheduleID, changes: [ShiftChange])] {
        Set(schedules.keys).union(next.schedules.keys).sorted().compactMap { id in
            let changes = shiftChanges(to: next, in: id, from: from, to: end)
            return changes.isEmpty ? nil : (id, changes)
        }
    }

    private func shifts(of schedule: ScheduleID, _ from: Timestamp, _ end: Timestamp) -> [Schedule.Shift] {
        schedules[schedule]?.shifts(from: from, to: end, isPresent: isPresent) ?? []
    }

    /// Returns the changes as they are stored: in a schedule that is saved, the people on call stay on call.
    package func keepingDuty(_ changes: [ConfigurationChange], at now: Timestamp) -> [ConfigurationChange] {
        changes.map { change in
            guard case .save(let schedule as Schedule) = change, let old = schedules[schedule.id] else { return change }
            return .save(schedule.handingOver(from: old, at: now))
        }
    }
}
