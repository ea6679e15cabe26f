internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// /api/v1/schedules. Overrides have routes of their own.
struct ScheduleResource: Resource {
    static let path = "schedules"
    static let noun = "schedule"
    static let door = Access.needsTeam

    struct Answer: Encodable {
        let id, name, teamId, timeZone: String
        let layers: [LayerAnswer]
        let overrides: [OverrideAnswer]
        /// Who is on call now.
        let onCall: [Person]
    }

    func all(_ configuration: Configuration, _ query: Query) throws -> [Schedule] {
        let team = configuration.team(in: query)
        return configuration.schedules.values.filter { team == nil || $0.teamID == team }
    }

    func blank(_ id: ScheduleID, _ caller: Caller, _ configuration: Configuration) -> Schedule {
        Schedule(id: id, name: "", teamID: "", timeZone: caller.user.timeZone, layers: [])
    }

    func read(_ reader: inout FieldReader, into schedule: inout Schedule, isNew: Bool, _ configuration: Configuration)
        throws
    {
        reader.read("name", into: &schedule.name)
        reader.team(into: &schedule.teamID, configuration)
        reader.read("time_zone", into: &schedule.timeZone)
        try reader.read("layers", into: &schedule.layers) { try? Schedule.Layer(&$0) }
        reader.ignore("id", "overrides", "on_call")
        if isNew { reader.require("name", "layers") }
    }

    func permissions(from old: Schedule?, to new: Schedule?, _ configuration: Configuration) -> [Permission] {
        [old, new].compactMap { $0.map { .configure($0.teamID) } }
    }

    func saving(_ schedule: Schedule, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.saveSchedule(schedule)]
    }

    func deleting(_ schedule: Schedule, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        let reasons = configuration.reasonsToKeep(schedule: schedule.id)
        guard reasons.isEmpty else { throw .inUse(reasons) }
        return [.deleteSchedule(schedule.id)]
    }

    func answer(_ schedule: Schedule, _ configuration: Configuration, _ services: Services) -> Answer {
        let now = services.time.now()
        return Answer(
            id: schedule.id.rawValue, name: schedule.name, teamId: schedule.teamID.rawValue,
            timeZone: schedule.timeZone, layers: schedule.layers.map(LayerAnswer.init),
            overrides: schedule.overrides.filter { $0.to > now }.map {
                OverrideAnswer($0, of: schedule, configuration)
            },
            onCall: schedule.onCall(at: now, isPresent: configuration.isPresent).map { Person($0, configuration) })
    }
}

/// Somebody by id and name.
struct Person: Encodable {
    let id, name: String

    init(_ id: UserID, _ configuration: Configuration) {
        self.id = id.rawValue
        name = configuration.name(of: id)
    }
}

/// A layer in JSON.
struct LayerAnswer: Encodable {
    struct Rotation: Encodable {
        let unit: String
        let count: Int
        let handoff: TimeOfDay
    }

    struct Restriction: Encodable {
        let weekdays: [Int]
        let from, to: TimeOfDay
    }

    let name: String
    /// Null is a turn of nobody.
    let participants: [String?]
    let rotation: Rotation
    let start: String
    let end: String?
    let restrictions: [Restriction]

    init(_ layer: Schedule.Layer) {
        name = layer.name
        participants = layer.participants.map { $0?.rawValue }
        rotation = Rotation(
            unit: layer.rotation.unit.rawValue, count: layer.rotation.count,
            handoff: TimeOfDay(layer.rotation.handOffMinute))
        start = layer.start.description
        end = layer.end?.description
        restrictions = layer.restrictions.map {
            Restriction(weekdays: $0.weekdays.sorted(), from: TimeOfDay($0.fromMinute), to: TimeOfDay($0.toMinute))
        }
    }
}

extension Schedule.Layer {
    init(_ reader: inout FieldReader) throws {
        self.init(
            name: "Layer", participants: [], rotation: .init(.week), start: CivilDate(daysSince1970: 0))
        reader.read("name", into: &name)
        if let value = reader.raw("participants") {
            let people = value.array?.map { $0 == .null ? nil : UserID(json: $0) } ?? []
            participants = people
            if value.array == nil || zip(value.array ?? [], people).contains(where: { $0 != .null && $1 == nil }) {
                reader.fault("participants", "A list of ids of users was expected; null is a turn of nobody.")
            }
        }
        var given: Schedule.Rotation?
        try reader.read("rotation", into: &given) { reader in
            var (rotation, handoff) = (Schedule.Rotation(.week), TimeOfDay(540))
            reader.read("unit", into: &rotation.unit)
            reader.read("count", into: &rotation.count)
            reader.read("hand_off", into: &handoff)
            rotation.handOffMinute = handoff.minute
            return rotation
        }
        rotation = given ?? rotation
        reader.read("start", into: &start)
        reader.read("end", into: &end)
        try reader.read("restrictions", into: &restrictions) { reader in
            let weekdays = reader.weekdays()
            let (from, to) = reader.hours()
            return Schedule.Restriction(weekdays: weekdays, fromMinute: from, toMinute: to)
        }
        reader.require("participants", "start")
    }
}

extension FieldReader {
    /// A team by its id or name, as `team_id` or `team`.
    mutating func team(into field: inout TeamID, _ configuration: Configuration) {
        var text = field.rawValue
        read("team_id", or: "team", into: &text)
        if text.isEmpty { return fault("team_id", "Name the team by its id or name.") }
        field = configuration.team(named: text)?.id ?? TeamID(text)
    }

    /// Days of the week from 1 (Monday) to 7, or by their English names; every day when they are left out.
    mutating func weekdays() -> Set<Int> {
        guard let value = raw("weekdays") else { return Set(1...7) }
        let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
        let days = value.array?.compactMap { day in
            day.integer ?? names.firstIndex(of: String(day.text?.lowercased().prefix(3) ?? "")).map { $0 + 1 }
        }
        guard let days, days.count == value.array?.count else {
            fault("weekdays", "A list of days was expected: 1 (Monday) to 7 (Sunday), or mon to sun.")
            return []
        }
        return Set(days)
    }
}
