package import Formats

extension Schedule: Configurable {
    package static let definition = ConfigurableDefinition<Schedule>(
        .schedule, noun: "schedule", path: "schedules", values: \.schedules, team: { $0.teamID },
        deletion: { (schedule, configuration) throws(ConfigurationFault) in
            let reasons = configuration.reasonsToKeep(schedule: schedule.id)
            guard reasons.isEmpty else { throw .inUse(reasons) }
            return [.delete(.schedule(schedule.id))]
        },
        fields: [
            .name(\.name, isUnique: true),
            .team(\.teamID, formName: "team_id"),
            .plain(
                "time_zone", \.timeZone,
                FieldControl(
                    "time_zone", "Time zone", hint: "A name like Europe/Zagreb. Handoffs are at its local time.",
                    isRequired: true, .text(maximum: 100)),
                check: { schedule, check in check.timeZone(schedule.timeZone) }),
            layersField,
        ])

    private static let layersField = ConfigurableField<Schedule>(
        [FieldPart("layers", isRequired: true, schema: .schema(listOf: .schema("object")))],
        read: { reader, schedule, _ in
            reader.read("layers", into: &schedule.layers) { Layer(&$0) }
            reader.ignore(["overrides", "on_call"])
        },
        show: { schedule, _ in [("layers", .array(schedule.layers.map(\.json)))] },
        check: { schedule, check in
            check.check(layers: schedule)
            check.check(overrides: schedule)
        })
}

extension Schedule.Layer {
    fileprivate init(_ reader: inout FieldReader) {
        self.init(name: "Layer", participants: [], rotation: .init(.week), start: CivilDate(daysSince1970: 0))
        reader.read("name", into: &name)
        readParticipants(&reader)
        var given: Schedule.Rotation?
        reader.read("rotation", into: &given) { Schedule.Rotation(&$0) }
        rotation = given ?? rotation
        reader.read("start", into: &start)
        reader.read("end", into: &end)
        reader.read("first_place", into: &firstPlace)
        if !(0..<ConfigurationLimits.participants).contains(firstPlace) {
            reader.fault("first_place", "Count the places of the participants from 0.")
            firstPlace = 0
        }
        reader.read("restrictions", into: &restrictions) { $0.weeklyHours() }
        reader.require("participants", "start")
    }

    private mutating func readParticipants(_ reader: inout FieldReader) {
        guard let value = reader.raw("participants") else { return }
        let people = value.array?.map { $0 == .null ? nil : UserID(json: $0) } ?? []
        participants = people
        if value.array == nil || zip(value.array ?? [], people).contains(where: { $0 != .null && $1 == nil }) {
            reader.fault("participants", "A list of ids of users was expected; null is a turn of nobody.")
        }
    }

    /// The layer as the management API shows it.
    package var json: JSON {
        .members([
            ("name", .string(name)), ("participants", .array(participants.map { $0?.json ?? .null })),
            ("rotation", rotation.json), ("start", start.json), ("end", end?.json ?? .null),
            ("first_place", firstPlace.json),
            ("restrictions", .array(restrictions.map { .members($0.members) })),
        ])
    }
}

extension Schedule.Rotation {
    fileprivate init(_ reader: inout FieldReader) {
        self.init(.week)
        var handoff = TimeOfDay(540)
        reader.read("unit", into: &unit)
        reader.read("count", into: &count)
        reader.read("hand_off", into: &handoff)
        handOffMinute = handoff.minute
    }

    fileprivate var json: JSON {
        .members([("unit", unit.json), ("count", count.json), ("hand_off", TimeOfDay(handOffMinute).json)])
    }
}
