extension Schedule {
    /// A span of time in which the same people are on call. A shift without people is a gap.
    package struct Shift: Sendable, Hashable {
        package var from: Timestamp
        package var to: Timestamp
        package var people: [UserID]

        package init(from: Timestamp, to: Timestamp, people: [UserID]) {
            self.from = from
            self.to = to
            self.people = people
        }
    }

    /// A span of one person's time in one layer.
    package struct Span: Sendable, Hashable {
        package var from: Timestamp
        package var to: Timestamp
        package var person: UserID
    }

    /// Returns who is on call at an instant. Empty in a gap and in an unknown time zone.
    ///
    /// - Parameter isPresent: whether a person can be on call. The turn of a person who cannot goes to the next.
    package func onCall(at instant: Timestamp, isPresent: Layer.Presence = { _ in true }) -> [UserID] {
        guard let clock = LocalClock(timeZone), Timestamp.reckoned.contains(instant) else { return [] }
        var person: UserID?
        for layer in layers { person = layer.person(at: instant, clock, isPresent) ?? person }
        return overriding(person.map { [$0] } ?? [], at: instant, isPresent)
    }

    /// Applies overlapping overrides in the order of their creation.
    private func overriding(_ people: [UserID], at instant: Timestamp, _ isPresent: Layer.Presence) -> [UserID] {
        var people = people
        let active = overrides.filter { $0.from <= instant && instant < $0.to }
        for override in active.sorted(by: { ($0.madeAt, $0.id) < ($1.madeAt, $1.id) }) {
            override.change.apply(to: &people, isPresent)
        }
        return people
    }

    /// Returns the final schedule: contiguous shifts from one instant to another.
    package func shifts(
        from: Timestamp, to: Timestamp, isPresent: Layer.Presence = { _ in true }
    ) -> [Shift] {
        let (from, to) = (max(from, Timestamp.reckoned.lowerBound), min(to, Timestamp.reckoned.upperBound))
        guard from < to, let clock = LocalClock(timeZone)?.remembering(from: from, to: to) else { return [] }
        let spans = layers.map { $0.spans(from: from, to: to, clock, isPresent) }
        var borders: Set<Timestamp> = [from]
        for span in spans.joined() { borders.formUnion([span.from, span.to]) }
        for override in overrides { borders.formUnion([override.from, override.to]) }
        let ordered = borders.filter { $0 >= from && $0 < to }.sorted() + [to]
        var places = spans.map { _ in 0 }
        var shifts: [Shift] = []
        for (border, end) in zip(ordered, ordered.dropFirst()) {
            var person: UserID?
            for index in spans.indices {
                while places[index] < spans[index].count, spans[index][places[index]].to <= border {
                    places[index] += 1
                }
                guard places[index] < spans[index].count else { continue }
                let span = spans[index][places[index]]
                if span.from <= border { person = span.person }
            }
            shifts.extend(to: end, from: border, overriding(person.map { [$0] } ?? [], at: border, isPresent))
        }
        return shifts
    }

    /// Returns one layer's turns within a span of time, for drawing.
    package func spans(
        ofLayer index: Int, from: Timestamp, to: Timestamp, isPresent: Layer.Presence = { _ in true }
    ) -> [Span] {
        let (from, to) = (max(from, Timestamp.reckoned.lowerBound), min(to, Timestamp.reckoned.upperBound))
        guard from < to, let clock = LocalClock(timeZone)?.remembering(from: from, to: to) else { return [] }
        return layers[index].spans(from: from, to: to, clock, isPresent)
    }

    /// Returns the spans in which nobody is on call.
    package func gaps(
        from: Timestamp, to: Timestamp, isPresent: Layer.Presence = { _ in true }
    ) -> [Shift] {
        shifts(from: from, to: to, isPresent: isPresent).filter(\.people.isEmpty)
    }
}

extension [Schedule.Shift] {
    /// Adds a shift, or extends the last one when the people stay the same.
    fileprivate mutating func extend(to end: Timestamp, from border: Timestamp, _ people: [UserID]) {
        if let last = indices.last, self[last].people == people {
            self[last].to = end
        } else {
            append(Schedule.Shift(from: border, to: end, people: people))
        }
    }
}

extension Schedule.Override.Change {
    /// Ignores people who are not present: they neither come in nor replace anybody.
    func apply(to people: inout [UserID], _ isPresent: Schedule.Layer.Presence) {
        switch self {
        case .add(let person): if isPresent(person), !people.contains(person) { people.append(person) }
        case .remove(let person): people.removeAll { $0 == person }
        case .replace(let away, let substitute):
            guard isPresent(substitute), let index = people.firstIndex(of: away) else { return }
            people[index] = substitute
            people = people.enumerated().filter { $0.offset == index || $0.element != substitute }.map(\.element)
        case .only(let person): if isPresent(person) { people = [person] }
        }
    }
}
