extension Schedule {
    /// Returns this schedule as the next version of another one, so that an edit moves only the turns that it names.
    ///
    /// Each layer continues its predecessor, found by its name, or else by its start and a common participant. The
    /// running turn is found by its place. A layer with a new start begins with its first participant.
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

    /// Returns each layer's predecessor in the old version. Nil for a new layer.
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

    /// - Parameter running: the old layer's current turn. Nil before its start.
    fileprivate func firstPlace(
        after old: Schedule.Layer, _ running: Int?, at now: Timestamp, _ clock: LocalClock
    ) -> Int {
        guard start == old.start else { return 0 }
        let isSameLength = rotation.unit == old.rotation.unit && rotation.count == old.rotation.count
        // Invalid values pass here; the checks that run later report them.
        guard !participants.isEmpty, !old.participants.isEmpty, ConfigurationLimits.rotation.contains(rotation.count)
        else { return 0 }
        if participants == old.participants && isSameLength { return old.firstPlace }
        // Before the first turn there is nothing to preserve, so the list applies as written.
        guard let running else { return participants.indices.contains(old.firstPlace) ? old.firstPlace : 0 }
        let place = old.place(old.place(ofTurn: running), in: participants)
        let turn = isSameLength ? running : turn(at: now, clock) ?? 0
        return ((place - turn) % participants.count + participants.count) % participants.count
    }

    /// Returns where a place moved when the participants changed.
    ///
    /// Entries that both lists share, in order, keep their identity. A person who moved is found again. A person who
    /// was replaced passes the place to the newcomer. A person who was removed passes it to the next one left.
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

/// Returns the longest common subsequence of two lists, as a map from old places to new places.
///
/// Equal beginnings and ends are matched first. In a list that repeats a person, the places next to an edit then keep
/// their identity.
private func keptPlaces(from old: [UserID?], to new: [UserID?]) -> [Int: Int] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
    var kept: [Int: Int] = [:]
    for place in 0..<head { kept[place] = place }
    for place in 0..<tail { kept[old.count - 1 - place] = new.count - 1 - place }
    let (olds, news) = (Array(old[head..<(old.count - tail)]), Array(new[head..<(new.count - tail)]))
    // lengths[i][j] is the length of the longest common subsequence of olds[i...] and news[j...].
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
