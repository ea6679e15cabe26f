internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// /api/v1/maintenance-windows: times in which incidents are recorded and held.
struct MaintenanceResource: Resource {
    static let path = "maintenance-windows"
    static let noun = "maintenance window"
    static let door = Access.needsTeam

    let time: TimeSource

    func all(_ configuration: Configuration, _ query: Query) throws -> [MaintenanceWindow] {
        let team = configuration.team(in: query)
        return configuration.maintenanceWindows.values.filter { team == nil || $0.teamID == team }
    }

    func blank(_ id: MaintenanceWindowID, _ caller: Caller, _ configuration: Configuration) -> MaintenanceWindow {
        MaintenanceWindow(id: id, name: "", teamID: "", span: .once(from: time.now(), to: time.now()))
    }

    func read(
        _ reader: inout FieldReader, into window: inout MaintenanceWindow, isNew: Bool, _ configuration: Configuration
    ) throws {
        reader.read("name", into: &window.name)
        reader.team(into: &window.teamID, configuration)
        var sources = window.sources.sorted()
        reader.ids("sources", into: &sources)
        window.sources = Set(sources)
        reader.read("labels", into: &window.labels)
        readSpan(&reader, into: &window.span, isNew: isNew)
        reader.ignore("id", "active", "active_until")
        if isNew { reader.require("name") }
    }

    /// From one instant to another, or the same hours on some days of each week.
    private func readSpan(_ reader: inout FieldReader, into span: inout MaintenanceWindow.Span, isNew: Bool) {
        var (from, to) = (time.now(), time.now())
        var weekly: MaintenanceWindow.Weekly?
        switch span {
        case .once(let begin, let end): (from, to) = (begin, end)
        case .weekly(let known): weekly = known
        }
        guard reader.has("weekdays") || weekly != nil && !reader.has("starts_at") else {
            reader.read("starts_at", into: &from)
            reader.read("ends_at", into: &to)
            if isNew { reader.require("starts_at", "ends_at") }
            return span = .once(from: from, to: to)
        }
        var zone = weekly?.timeZone ?? "UTC"
        var (begin, end) = (TimeOfDay(weekly?.fromMinute ?? 0), TimeOfDay(weekly?.toMinute ?? 0))
        let weekdays = reader.has("weekdays") ? reader.weekdays() : weekly?.weekdays ?? []
        reader.read("time_zone", into: &zone)
        reader.read("from", into: &begin)
        reader.read("to", into: &end)
        if isNew { reader.require("from", "to") }
        span = .weekly(.init(timeZone: zone, weekdays: weekdays, fromMinute: begin.minute, toMinute: end.minute))
    }

    func permissions(from old: MaintenanceWindow?, to new: MaintenanceWindow?, _ configuration: Configuration)
        -> [Permission]
    {
        [old, new].compactMap { $0.map { .configure($0.teamID) } }
    }

    func saving(_ window: MaintenanceWindow, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.saveMaintenanceWindow(window)]
    }

    func deleting(_ window: MaintenanceWindow, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.deleteMaintenanceWindow(window.id)]
    }

    func answer(_ window: MaintenanceWindow, _ configuration: Configuration, _ services: Services) -> MaintenanceAnswer
    {
        MaintenanceAnswer(window, configuration, at: services.time.now())
    }
}

/// A maintenance window in JSON.
struct MaintenanceAnswer: Encodable {
    let id, name: String
    let team: IncidentAnswer.Reference
    let sources: [IncidentAnswer.Reference]
    let labels: [String: String]
    let startsAt, endsAt: String?
    /// Monday is 1, Sunday 7.
    let weekdays: [Int]?
    let from, to: TimeOfDay?
    let timeZone: String?
    /// Whether it covers this instant, and until when.
    let active: Bool
    let activeUntil: String?

    init(_ window: MaintenanceWindow, _ configuration: Configuration, at now: Timestamp) {
        id = window.id.rawValue
        name = window.name
        team = .init(id: window.teamID.rawValue, name: configuration.teams[window.teamID]?.name ?? "")
        sources = window.sources.sorted().map { .init(id: $0.rawValue, name: configuration.source($0)?.name ?? "") }
        labels = window.labels
        switch window.span {
        case .once(let start, let end):
            (startsAt, endsAt) = (start.rfc3339, end.rfc3339)
            (weekdays, from, to, timeZone) = (nil, nil, nil, nil)
        case .weekly(let weekly):
            (startsAt, endsAt) = (nil, nil)
            weekdays = weekly.weekdays.sorted()
            from = TimeOfDay(weekly.fromMinute)
            to = TimeOfDay(weekly.toMinute)
            timeZone = weekly.timeZone
        }
        let end = window.end(covering: now)
        active = end != nil
        activeUntil = end?.rfc3339
    }
}
