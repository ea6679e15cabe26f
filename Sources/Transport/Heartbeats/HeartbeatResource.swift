internal import Domain
internal import Hummingbird
internal import Store

/// /api/v1/heartbeats: the monitors themselves.
struct HeartbeatResource: Resource {
    static let path = "heartbeats"
    static let noun = "heartbeat"
    static let door = Access.needsTeam

    let keys: KeyGenerator

    func all(_ configuration: Configuration, _ query: Query) throws -> [Heartbeat] {
        let team = configuration.team(in: query)
        return configuration.heartbeats.values.filter { team == nil || $0.teamID == team }
    }

    func blank(_ id: HeartbeatID, _ caller: Caller, _ configuration: Configuration) -> Heartbeat {
        Heartbeat(id: id, name: "", teamID: "", rhythm: .every(.zero), token: "")
    }

    func prepared(_ heartbeat: inout Heartbeat) -> HeartbeatResource {
        heartbeat.token = Heartbeat.tokenPrefix + keys.key()
        return self
    }

    func read(_ reader: inout FieldReader, into heartbeat: inout Heartbeat, isNew: Bool, _ configuration: Configuration)
        throws
    {
        reader.read("name", into: &heartbeat.name)
        reader.team(into: &heartbeat.teamID, configuration)
        reader.read("policy_id", into: &heartbeat.policyID)
        reader.read("severity", into: &heartbeat.severity)
        readRhythm(&reader, into: &heartbeat.rhythm)
        reader.read("grace_seconds", into: &heartbeat.grace)
        reader.read("paused", into: &heartbeat.isPaused)
        reader.ignore("id", "url", "status", "last_beat_at", "started_at", "due_at")
        if isNew { reader.require("name") }
        if isNew && !reader.has("period_seconds") && !reader.has("cron") {
            reader.fault("period_seconds", "Say how often it beats: a period in seconds, or a cron expression.")
        }
    }

    /// A period, or a cron expression with its time zone.
    private func readRhythm(_ reader: inout FieldReader, into rhythm: inout Heartbeat.Rhythm) {
        var (period, cron, zone): (Duration?, String?, String) = (nil, nil, "UTC")
        switch rhythm {
        case .every(let duration): period = duration
        case .cron(let expression, let timeZone): (cron, zone) = (expression.description, timeZone)
        }
        if reader.has("period_seconds") { cron = nil }
        if reader.has("cron") { period = nil }
        reader.read("period_seconds", into: &period)
        reader.read("cron", into: &cron)
        reader.read("time_zone", into: &zone)
        switch (period, cron) {
        case (let period?, nil): rhythm = .every(period)
        case (nil, let text?):
            guard let expression = CronExpression(text) else {
                return reader.fault("cron", "This is no cron expression. Write five fields, like 30 2 * * *.")
            }
            rhythm = .cron(expression, timeZone: zone)
        case (_?, _?): reader.fault("cron", "Name either a period or a cron expression.")
        case (nil, nil): reader.fault("period_seconds", "Name either a period or a cron expression.")
        }
    }

    func permissions(from old: Heartbeat?, to new: Heartbeat?, _ configuration: Configuration) -> [Permission] {
        [old, new].compactMap { $0.map { .configure($0.teamID) } }
    }

    func saving(_ heartbeat: Heartbeat, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.saveHeartbeat(heartbeat)]
    }

    func deleting(_ heartbeat: Heartbeat, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.deleteHeartbeat(heartbeat.id)]
    }

    func answer(_ heartbeat: Heartbeat, _ configuration: Configuration, _ services: Services) async throws
        -> HeartbeatAnswer
    {
        let state = try await services.store.heartbeatState(heartbeat.id)
        return HeartbeatAnswer(heartbeat, state, configuration, baseURL: services.settings.baseURL)
    }
}

/// A monitor in JSON.
struct HeartbeatAnswer: Encodable {
    let id, name: String
    let team: IncidentAnswer.Reference
    /// Where it beats.
    let url: String
    let periodSeconds: Int64?
    let cron, timeZone: String?
    let graceSeconds: Int64
    let paused: Bool
    let severity: String
    let policyID: String?
    /// `new`, `up`, `late`, `failed` or `paused`.
    let status: String
    let lastBeatAt, startedAt, dueAt: String?

    init(_ monitor: Heartbeat, _ state: HeartbeatState, _ configuration: Configuration, baseURL: String) {
        id = monitor.id.rawValue
        name = monitor.name
        team = .init(id: monitor.teamID.rawValue, name: configuration.teams[monitor.teamID]?.name ?? "")
        url = "\(baseURL)/api/v1/heartbeats/\(monitor.token)"
        switch monitor.rhythm {
        case .every(let period): (periodSeconds, cron, timeZone) = (period.components.seconds, nil, nil)
        case .cron(let expression, let zone): (periodSeconds, cron, timeZone) = (nil, expression.description, zone)
        }
        graceSeconds = monitor.grace.components.seconds
        paused = monitor.isPaused
        severity = monitor.severity.rawValue
        policyID = monitor.policyID?.rawValue
        status = monitor.isPaused ? "paused" : state.status.rawValue
        lastBeatAt = state.lastBeatAt?.rfc3339
        startedAt = state.startedAt?.rfc3339
        dueAt = state.dueAt?.rfc3339
    }
}
