internal import Domain
internal import Formats
internal import Hummingbird

/// An override with the id of its schedule.
struct ScheduledOverride: Identifiable, Sendable {
    var override: Schedule.Override
    var scheduleID: ScheduleID

    var id: OverrideID { override.id }
}

extension Schedule.Override {
    private var words: (type: String, person: UserID, substitute: UserID?) {
        switch change {
        case .add(let person): ("add", person, nil)
        case .remove(let person): ("remove", person, nil)
        case .replace(let person, let substitute): ("replace", person, substitute)
        case .only(let person): ("only", person, nil)
        }
    }

    func json(of schedule: ScheduleID, _ configuration: Configuration) -> JSON {
        let person = { (id: UserID) in JSON.reference(id.rawValue, configuration.name(of: id)) }
        return .members([
            ("id", id.json), ("schedule_id", schedule.json), ("type", .string(words.type)),
            ("user", person(words.person)), ("with", words.substitute.map(person) ?? .null), ("from", from.json),
            ("to", to.json), ("author", .string(author)), ("made_at", madeAt.json),
        ])
    }
}

/// /api/v1/overrides: who replaces whom on call, and when.
struct OverrideResource: Resource {
    static let path = "overrides"
    static let noun = "override"
    static let door = Access.needs(.respond)
    let time: TimeSource

    private enum Word: String, CaseIterable, FieldValue { case add, remove, replace, only }

    func all(_ configuration: Configuration, _ query: Query) throws -> [ScheduledOverride] {
        let wanted = query["schedule"] ?? query["schedule_id"]
        return configuration.schedules.values.filter { wanted == nil || $0.id.rawValue == wanted.map(String.init) }
            .flatMap { schedule in
                schedule.overrides.map { ScheduledOverride(override: $0, scheduleID: schedule.id) }
            }
    }

    func isVisible(_ value: ScheduledOverride, to caller: Caller, _ configuration: Configuration) -> Bool {
        caller.sees(configuration.schedules[value.scheduleID]?.teamID)
    }

    func content(of value: ScheduledOverride, _ configuration: Configuration) -> JSON {
        value.override.json(of: value.scheduleID, configuration)
    }

    func blank(_ id: OverrideID, _ caller: Caller, _ configuration: Configuration) -> ScheduledOverride {
        let now = time.now()
        return ScheduledOverride(
            override: .init(
                id: id, change: .only(caller.user.id), from: now, to: now, author: caller.user.name, madeAt: now),
            scheduleID: "")
    }

    func read(
        _ json: JSON, into value: inout ScheduledOverride, _ context: FieldContext
    ) throws(ConfigurationFault) {
        var reader = FieldReader(json)
        reader.read("schedule_id", or: "schedule", into: &value.scheduleID)
        if context.configuration.schedules[value.scheduleID] == nil {
            reader.fault("schedule_id", "There is no schedule “\(value.scheduleID)”.")
        }
        var (word, user, substitute) = (Word.replace, UserID(""), UserID?.none)
        switch value.override.change {
        case .add(let person): (word, user) = (.add, person)
        case .remove(let person): (word, user) = (.remove, person)
        case .replace(let person, let other): (word, user, substitute) = (.replace, person, other)
        case .only(let person): (word, user) = (.only, person)
        }
        reader.read("type", into: &word)
        reader.read("user_id", or: "user", into: &user)
        reader.read("with_user_id", or: "with", into: &substitute)
        switch (word, substitute) {
        case (.add, _): value.override.change = .add(user)
        case (.remove, _): value.override.change = .remove(user)
        case (.only, _): value.override.change = .only(user)
        case (.replace, let substitute?): value.override.change = .replace(user, with: substitute)
        case (.replace, nil): reader.fault("with_user_id", "Name the user who takes over.")
        }
        let zone = context.configuration.schedules[value.scheduleID]?.timeZone ?? "UTC"
        reader.instant("from", into: &value.override.from, local: zone)
        reader.instant("to", into: &value.override.to, local: zone)
        reader.ignore(["id", "author", "made_at"])
        if context.isNew { reader.require("schedule_id", "type", "user_id", "from", "to") }
        try reader.end()
    }

    func permissions(
        from old: ScheduledOverride?, to new: ScheduledOverride?, _ configuration: Configuration
    ) -> [Permission] {
        [old, new].compactMap { $0.flatMap { configuration.schedules[$0.scheduleID] }.map { .override($0.teamID) } }
    }

    func saving(_ value: ScheduledOverride, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        try deleting(value, configuration).filter { change in
            if case .save(let schedule as Schedule) = change { schedule.id != value.scheduleID } else { true }
        } + [.save(try schedule(value.scheduleID, configuration).with(value.override))]
    }

    /// Removes the override from its schedule.
    func deleting(_ value: ScheduledOverride, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        configuration.schedules.values.filter { $0.overrides.contains { $0.id == value.id } }.map { schedule in
            var without = schedule
            without.overrides.removeAll { $0.id == value.id }
            return .save(without)
        }
    }

    func answer(_ value: ScheduledOverride, to caller: Caller, _ configuration: Configuration, _ services: Services)
        throws -> JSON
    {
        value.override.json(of: try schedule(value.scheduleID, configuration).id, configuration)
    }

    private func schedule(_ id: ScheduleID, _ configuration: Configuration) throws(ConfigurationFault) -> Schedule {
        guard let schedule = configuration.schedules[id] else { throw .missing("schedule “\(id)”") }
        return schedule
    }
}

extension Schedule {
    /// The schedule with this override, which replaces one with the same id.
    func with(_ override: Override) -> Schedule {
        var schedule = self
        schedule.overrides.removeAll { $0.id == override.id }
        schedule.overrides.append(override)
        return schedule
    }
}
