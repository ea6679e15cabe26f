internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Senders
internal import Store

/// /api/v1/heartbeats: the monitors themselves.
struct HeartbeatRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/api/v1/heartbeats"
        routes.on(.get, path, .needs(.read)) { _, _ in try await list() }
        routes.on(.post, path, .needsTeam) { request, context in try await create(request, context) }
        // A token in the place of the id is a beat; everything else needs a caller who may read.
        routes.on(.get, "\(path)/{token}") { request, context in
            if context.parameters.get("token")?.hasPrefix(Heartbeat.tokenPrefix) == true {
                return try await BeatRoutes(services: services).beat(request, context)
            }
            _ = try await services.caller(of: request, .read)
            return try await show(try find(context))
        }
        for method in [HTTPRequest.Method.put, .patch] {
            routes.on(method, "\(path)/{token}", .needsTeam) { request, context in try await change(request, context) }
        }
        routes.on(.delete, "\(path)/{token}", .needsTeam) { _, context in try await delete(context) }
        BeatRoutes(services: services).add(to: routes)
    }

    private var roster: Roster { services.roster.current }

    private func list() async throws -> Response {
        let states = try await services.store.heartbeatStates()
        let monitors = roster.heartbeats.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        return .json(ListAnswer(items: monitors.map { answer($0, states[$0.id] ?? HeartbeatState()) }, next: nil))
    }

    private func show(_ monitor: Heartbeat, status: HTTPResponse.Status = .ok) async throws -> Response {
        .json(answer(monitor, try await services.store.heartbeatState(monitor.id)), status: status)
    }

    private func create(_ request: Request, _ context: RouteContext) async throws -> Response {
        let body = try await json(of: request)
        let new = Heartbeat(
            id: services.configurator.identifiers.next(), name: "", teamID: "", rhythm: .every(.hours(1)),
            token: Heartbeat.tokenPrefix + services.keys.key())
        let monitor = try read(body, into: new, isNew: true)
        try await save(.saveHeartbeat(monitor), teams: [monitor.teamID], context)
        return try await show(monitor, status: .created)
    }

    private func change(_ request: Request, _ context: RouteContext) async throws -> Response {
        let known = try find(context)
        let monitor = try read(try await json(of: request), into: known, isNew: false)
        try await save(.saveHeartbeat(monitor), teams: [known.teamID, monitor.teamID], context)
        return try await show(monitor)
    }

    private func delete(_ context: RouteContext) async throws -> Response {
        let monitor = try find(context)
        try await save(.deleteHeartbeat(monitor.id), teams: [monitor.teamID], context)
        return Response(status: .noContent)
    }

    private func save(_ change: ConfigurationChange, teams: [TeamID], _ context: RouteContext) async throws {
        guard let caller = context.caller else { throw Problem.wrongToken }
        for team in teams { try caller.require(.configure(team), roster) }
        try await services.configurator.change(by: caller.author) { _ in [change] }
    }

    private func find(_ context: RouteContext) throws -> Heartbeat {
        guard let monitor = roster.heartbeats[HeartbeatID(context.parameters.get("token") ?? "")] else {
            throw Problem.notFound("such heartbeat")
        }
        return monitor
    }

    private func read(_ body: JSON, into known: Heartbeat, isNew: Bool) throws -> Heartbeat {
        var reader = FieldReader(body)
        var monitor = known
        monitor.name = reader.text("name", else: isNew ? nil : known.name)
        monitor.teamID = reader.team(roster, else: isNew ? nil : known.teamID)
        monitor.policyID = reader.optionalText("policy_id", else: known.policyID?.rawValue).map { PolicyID($0) }
        monitor.severity = reader.severity("severity", else: known.severity)
        monitor.rhythm = rhythm(&reader, known.rhythm, isNew: isNew)
        monitor.grace = reader.seconds("grace_seconds", else: known.grace) ?? known.grace
        monitor.isPaused = reader.flag("paused", else: known.isPaused)
        try reader.finish()
        return monitor
    }

    /// A period, or a cron expression with its time zone.
    private func rhythm(_ reader: inout FieldReader, _ known: Heartbeat.Rhythm, isNew: Bool) -> Heartbeat.Rhythm {
        var (period, cron, zone): (Duration?, String?, String) = (nil, nil, "UTC")
        switch known {
        case .every(let duration): period = isNew ? nil : duration
        case .cron(let expression, let timeZone): (cron, zone) = (expression.description, timeZone)
        }
        if reader.has("period_seconds") && reader.has("cron") {
            reader.fault("cron", "Name either a period or a cron expression.")
        }
        if reader.has("period_seconds") { cron = nil }
        if reader.has("cron") { period = nil }
        zone = reader.text("time_zone", else: zone)
        if let text = reader.optionalText("cron", else: cron) {
            guard let expression = CronExpression(text) else {
                reader.fault("cron", "This is no cron expression. Write five fields, like 30 2 * * *.")
                return known
            }
            return .cron(expression, timeZone: zone)
        }
        guard let period = reader.seconds("period_seconds", else: period) else {
            reader.fault("period_seconds", "Say how often it beats: a period in seconds, or a cron expression.")
            return known
        }
        return .every(period)
    }

    private func answer(_ monitor: Heartbeat, _ state: HeartbeatState) -> HeartbeatAnswer {
        HeartbeatAnswer(monitor, state, roster, baseURL: services.settings.baseURL)
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

    init(_ monitor: Heartbeat, _ state: HeartbeatState, _ roster: Roster, baseURL: String) {
        id = monitor.id.rawValue
        name = monitor.name
        team = .init(id: monitor.teamID.rawValue, name: roster.teams[monitor.teamID]?.name ?? "")
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
