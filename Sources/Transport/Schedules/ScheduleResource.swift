internal import Domain
internal import Formats

/// /api/v1/schedules. Overrides have their own routes.
struct ScheduleResource: ConfigurableResource {
    func blank(_ id: ScheduleID, _ caller: Caller, _ configuration: Configuration) -> Schedule {
        Schedule(id: id, name: "", teamID: "", timeZone: caller.user.timeZone, layers: [])
    }

    /// The overrides that have not ended, and who is on call now.
    func details(
        of schedule: Schedule, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) -> [(name: String, value: JSON)] {
        let now = services.time.now()
        let overrides = schedule.overrides.filter { $0.to > now }
        let people = schedule.onCall(at: now, isPresent: configuration.isPresent)
        return [
            ("overrides", .array(overrides.map { $0.json(of: schedule.id, configuration) })),
            ("on_call", .array(people.map { .reference($0.rawValue, configuration.name(of: $0)) })),
        ]
    }
}

/// A user's id and name.
struct Person: Encodable {
    let id, name: String

    init(_ id: UserID, _ configuration: Configuration) {
        self.id = id.rawValue
        name = configuration.name(of: id)
    }
}
