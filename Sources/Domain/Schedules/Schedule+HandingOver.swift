extension Schedule {
    /// This schedule as the next version of another one: a change of participants does not move the turns.
    ///
    /// Whoever is on duty stays on duty; when that person was removed, the next one who is left takes over at once.
    /// A layer counts as the same when its name, start and rotation are; a new start begins with the first participant.
    package func handingOver(from old: Schedule, at now: Timestamp) -> Schedule {
        guard let clock = LocalClock(timeZone) else { return self }
        var schedule = self
        for index in schedule.layers.indices {
            let layer = schedule.layers[index]
            let before = old.layers.first {
                $0.name == layer.name && $0.start == layer.start && $0.rotation == layer.rotation
            }
            schedule.layers[index].firstPlace = before.map { layer.firstPlace(after: $0, at: now, clock) } ?? 0
        }
        return schedule
    }
}

extension Schedule.Layer {
    fileprivate func firstPlace(after old: Schedule.Layer, at now: Timestamp, _ clock: LocalClock) -> Int {
        guard old.participants != participants else { return old.firstPlace }
        guard !participants.isEmpty, !old.participants.isEmpty, let turn = old.turn(at: now, clock) else { return 0 }
        let onDuty = old.place(ofTurn: turn)
        let order = old.participants.indices.map { old.participants[(onDuty + $0) % old.participants.count] }
        let place = order.lazy.compactMap { participants.firstIndex(of: $0) }.first ?? 0
        return ((place - turn) % participants.count + participants.count) % participants.count
    }
}
