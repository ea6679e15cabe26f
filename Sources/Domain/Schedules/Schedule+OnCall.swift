extension Schedule {
    /// A span of time in which the same people are on call; nobody is a gap.
    package struct Shift: Sendable, Hashable {
        package var from: Timestamp
        package var to: Timestamp
        package var people: [UserID]
    }

    /// Who is on call at an instant; empty in a gap and in an unknown time zone.
    package func onCall(at instant: Timestamp) -> [UserID] {
        guard let clock = LocalClock(timeZone) else { return [] }
        return onCall(at: instant, clock)
    }

    private func onCall(at instant: Timestamp, _ clock: LocalClock) -> [UserID] {
        var people: [UserID] = []
        for layer in layers.reversed() {
            if let person = layer.person(at: instant, clock) {
                people = [person]
                break
            }
        }
        let active = overrides.filter { $0.from <= instant && instant < $0.to }
        for override in active.sorted(by: { ($0.madeAt, $0.id) < ($1.madeAt, $1.id) }) {
            override.change.apply(to: &people)
        }
        return people
    }

    /// The final schedule: shifts that follow each other without holes from one instant to another.
    package func shifts(from: Timestamp, to: Timestamp) -> [Shift] {
        guard from < to, let clock = LocalClock(timeZone) else { return [] }
        var borders: Set<Timestamp> = [from]
        for layer in layers { borders.formUnion(layer.borders(from: from, to: to, clock)) }
        for override in overrides { borders.formUnion([override.from, override.to]) }
        let ordered = borders.filter { $0 >= from && $0 < to }.sorted()
        var shifts: [Shift] = []
        for (index, border) in ordered.enumerated() {
            let end = index + 1 < ordered.count ? ordered[index + 1] : to
            let people = onCall(at: border, clock)
            if let last = shifts.indices.last, shifts[last].people == people {
                shifts[last].to = end
            } else {
                shifts.append(Shift(from: border, to: end, people: people))
            }
        }
        return shifts
    }

    /// The spans in which nobody is on call.
    package func gaps(from: Timestamp, to: Timestamp) -> [Shift] {
        shifts(from: from, to: to).filter(\.people.isEmpty)
    }
}

extension Schedule.Override.Change {
    func apply(to people: inout [UserID]) {
        switch self {
        case .add(let person): if !people.contains(person) { people.append(person) }
        case .remove(let person): people.removeAll { $0 == person }
        case .replace(let away, let substitute):
            guard let index = people.firstIndex(of: away) else { return }
            people.removeAll { $0 == substitute }
            people.insert(substitute, at: min(index, people.count))
            people.removeAll { $0 == away }
        case .only(let person): people = [person]
        }
    }
}
