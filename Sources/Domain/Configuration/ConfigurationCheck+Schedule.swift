extension ConfigurationCheck {
    mutating func check(layers schedule: Schedule) {
        expect(
            schedule.layers.count <= ConfigurationLimits.layers, "layers",
            "A schedule has at most \(ConfigurationLimits.layers) layers.")
        for (index, layer) in schedule.layers.enumerated() {
            check(layer, "layers[\(index)]")
            overlap(of: layer, with: schedule.layers[..<index], "layers[\(index)]")
        }
    }

    /// Checks new overrides. Stored ones were checked when they were created.
    mutating func check(overrides schedule: Schedule) {
        let known = before.schedules[schedule.id]?.overrides ?? []
        for (index, override) in schedule.overrides.enumerated() where !known.contains(override) {
            check(override, "overrides[\(index)]")
        }
        // The newest override was created just now, so overrides that ended before its creation are over.
        let latest = schedule.overrides.map(\.madeAt).max() ?? Timestamp(seconds: 0)
        expect(
            schedule.overrides.count { $0.to > latest } <= ConfigurationLimits.overrides, "overrides",
            "A schedule has at most \(ConfigurationLimits.overrides) overrides that are not over. Delete some.")
        expect(
            schedule.overrides.count <= ConfigurationLimits.storedOverrides, "overrides",
            "A schedule keeps at most \(ConfigurationLimits.storedOverrides) overrides. Delete some that are over.")
    }

    private mutating func check(_ layer: Schedule.Layer, _ field: String) {
        name(layer.name, "\(field).name")
        let people = layer.participants.compactMap(\.self)
        expect(
            !people.isEmpty && layer.participants.count <= ConfigurationLimits.participants, "\(field).participants",
            "A rotation has 1 to \(ConfigurationLimits.participants) places, and somebody in one of them.")
        for (index, person) in layer.participants.enumerated() {
            guard let person else { continue }
            self.person(person, "\(field).participants[\(index)]")
        }
        expect(
            ConfigurationLimits.rotation.contains(layer.rotation.count), "\(field).rotation.count",
            "A turn has 1 to \(ConfigurationLimits.rotation.upperBound) units.")
        expect(
            (0..<1440).contains(layer.rotation.handOffMinute), "\(field).rotation.hand_off",
            "Choose a handoff time from 00:00 to 23:59.")
        if let end = layer.end {
            expect(layer.start < end, "\(field).end", "The layer ends on a day after its start.")
        }
        check(layer.restrictions, "\(field).restrictions")
    }

    private mutating func check(_ restrictions: [WeeklyHours], _ field: String) {
        expect(
            restrictions.count <= ConfigurationLimits.restrictions, field,
            "A layer has at most \(ConfigurationLimits.restrictions) restrictions.")
        for (index, restriction) in restrictions.enumerated() {
            hours(restriction, "\(field)[\(index)]", weekdays: "\(field)[\(index)].weekdays")
            if restrictions[..<index].contains(where: { $0.overlaps(restriction) }) {
                fault("\(field)[\(index)]", "These hours overlap with those of another restriction of the layer.")
            }
        }
    }

    /// Layers with the same name are versions of one rotation, so only one of them may apply on any day.
    private mutating func overlap(
        of layer: Schedule.Layer, with others: ArraySlice<Schedule.Layer>, _ field: String
    ) {
        for other in others where isSameName(other.name, layer.name) {
            let beginsBefore = other.end.map { layer.start < $0 } ?? true
            let endsAfter = layer.end.map { other.start < $0 } ?? true
            if beginsBefore && endsAfter {
                fault("\(field).start", "It overlaps with the other layer named “\(layer.name)”. Let one end first.")
            }
        }
    }

    private mutating func check(_ override: Schedule.Override, _ field: String) {
        expect(override.from < override.to, "\(field).to", "The end must be after the start.")
        expect(
            override.to - override.from <= ConfigurationLimits.longestOverride, "\(field).to",
            "An override lasts at most 366 days.")
        for (name, person) in override.change.people { self.person(person, "\(field).\(name)") }
        if case .replace(let away, let substitute) = override.change {
            expect(away != substitute, "\(field).with", "A person can't replace themselves.")
        }
    }
}

extension Schedule.Override.Change {
    /// The people that the override names, with the API's names of the fields.
    package var people: [(field: String, user: UserID)] {
        switch self {
        case .add(let person), .remove(let person), .only(let person): [("user_id", person)]
        case .replace(let away, let substitute): [("user_id", away), ("with_user_id", substitute)]
        }
    }
}
