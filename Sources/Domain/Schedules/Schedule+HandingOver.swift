extension Schedule {
    /// This schedule as the next version of another one: an edit moves nobody's turns but those it names.
    ///
    /// Each layer goes on from the layer it was, found by its name, else by its start and one of its people. The running
    /// turn is found by its place. A layer with a new start begins with its first participant.
    package func handingOver(from old: Schedule, at now: Timestamp) -> Schedule {
        guard let clock = LocalClock(timeZone), let oldClock = LocalClock(old.timeZone) else { return self }
        var schedule = self
        for (index, before) in zip(layers.indices, predecessors(in: old)) {
            guard let before else { continue }
            let running = before.turn(at: now, oldClock)
            schedule.layers[index].firstPlace = layers[index].firstPlace(after: before, running, at: now, clock)
        }
        return schedule
    }

    /// The layer of an old version that each layer was; nil for a new one.
    private func predecessors(in old: Schedule) -> [Layer?] {
        var free = old.layers
        var found = [Layer?](repeating: nil, count: layers.count)
        for isSame in [Layer.isUnchanged, Layer.isNamesake, Layer.isRenamed] {
            for index in layers.indices where found[index] == nil {
                guard let place = free.firstIndex(where: { isSame($0, layers[index]) }) else { continue }
                found[index] = free.remove(at: place)
            }
        }
        return found
    }
}

extension Schedule.Layer {
    fileprivate static func isUnchanged(_ old: Schedule.Layer, _ new: Schedule.Layer) -> Bool {
        old.name == new.name && old.start == new.start && old.participants == new.participants
    }

    fileprivate static func isNamesake(_ old: Schedule.Layer, _ new: Schedule.Layer) -> Bool { old.name == new.name }

    fileprivate static func isRenamed(_ old: Schedule.Layer, _ new: Schedule.Layer) -> Bool {
        old.start == new.start && !Set(old.participants.compactMap(\.self)).isDisjoint(with: new.participants)
    }

    /// - Parameter running: the old layer's turn at this instant; nil before its start.
    fileprivate func firstPlace(
        after old: Schedule.Layer, _ running: Int?, at now: Timestamp, _ clock: LocalClock
    ) -> Int {
        guard start == old.start else { return 0 }
        let isSameLength = rotation.unit == old.rotation.unit && rotation.count == old.rotation.count
        // What is wrong is found by the checks, which come later.
        guard !participants.isEmpty, !old.participants.isEmpty, ConfigurationLimits.rotation.contains(rotation.count)
        else { return 0 }
        if participants == old.participants && isSameLength { return old.firstPlace }
        // Before the first turn there is nothing to keep: the list is the plan.
        guard let running else { return participants.indices.contains(old.firstPlace) ? old.firstPlace : 0 }
        let place = old.place(old.place(ofTurn: running), in: participants)
        let turn = isSameLength ? running : turn(at: now, clock) ?? 0
        return ((place - turn) % participants.count + participants.count) % participants.count
    }

    /// Where a place is after the participants changed.
    ///
    /// What is the same in both lists, in order, stays itself. A person who was moved is found again, one who was
    /// replaced gives the place to the newcomer, and one who was removed gives it to the next who is left.
    private func place(_ place: Int, in new: [UserID?]) -> Int {
        let kept = keptPlaces(from: participants, to: new)
        if let same = kept[place] { return same }
        let person = participants[place]
        let taken = Set(kept.values)
        if let moved = new.indices.first(where: { new[$0] == person && !taken.contains($0) }) { return moved }
        // The edited parts of both lists around the place.
        let begin = (0..<place).last { kept[$0] != nil }
        let newBegin = begin.flatMap { kept[$0] }.map { $0 + 1 } ?? 0
        let newEnd = (place..<participants.count).lazy.compactMap { kept[$0] }.first ?? new.count
        let offset = place - (begin.map { $0 + 1 } ?? 0)
        if newBegin < newEnd { return min(newBegin + offset, newEnd - 1) }
        return newEnd % new.count
    }
}

/// The longest part that two lists have in common, in order, as places of the old list and the new one.
///
/// Equal beginnings and ends are matched first: in a list with the same person several times, a place next to the
/// edit is the one it was.
private func keptPlaces(from old: [UserID?], to new: [UserID?]) -> [Int: Int] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    var kept: [Int: Int] = [:]
    for place in 0..<head { kept[place] = place }
    for place in 0..<tail { kept[old.count - 1 - place] = new.count - 1 - place }
    let (olds, news) = (Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
    // lengths[i][j]: of what olds[i...] and news[j...] have in common.
    var lengths = [[Int]](repeating: [Int](repeating: 0, count: news.count + 1), count: olds.count + 1)
    for i in olds.indices.reversed() {
        for j in news.indices.reversed() {
            lengths[i][j] =
                olds[i] == news[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
        }
    }
    var (i, j) = (0, 0)
    while i < olds.count, j < news.count {
        if olds[i] == news[j] {
            kept[head + i] = head + j
            (i, j) = (i + 1, j + 1)
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1
        } else {
            j += 1
        }
    }
    return kept
}
