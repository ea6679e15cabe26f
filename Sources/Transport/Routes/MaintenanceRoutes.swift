internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Senders

/// /api/v1/maintenance-windows: times in which incidents are recorded and held.
struct MaintenanceRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/api/v1/maintenance-windows"
        routes.on(.get, path, .needs(.read)) { _, _ in
            let windows = roster.maintenanceWindows.values.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            return .json(ListAnswer(items: windows.map(answer), next: nil))
        }
        routes.on(.get, "\(path)/{id}", .needs(.read)) { _, context in .json(answer(try find(context))) }
        routes.on(.post, path, .needsTeam) { request, context in try await create(request, context) }
        for method in [HTTPRequest.Method.put, .patch] {
            routes.on(method, "\(path)/{id}", .needsTeam) { request, context in try await change(request, context) }
        }
        routes.on(.delete, "\(path)/{id}", .needsTeam) { _, context in
            let window = try find(context)
            try await save(.deleteMaintenanceWindow(window.id), teams: [window.teamID], context)
            return Response(status: .noContent)
        }
    }

    private var roster: Roster { services.roster.current }

    private func create(_ request: Request, _ context: RouteContext) async throws -> Response {
        let window = try read(try await json(of: request), into: nil)
        try await save(.saveMaintenanceWindow(window), teams: [window.teamID], context)
        return .json(answer(window), status: .created)
    }

    private func change(_ request: Request, _ context: RouteContext) async throws -> Response {
        let known = try find(context)
        let window = try read(try await json(of: request), into: known)
        try await save(.saveMaintenanceWindow(window), teams: [known.teamID, window.teamID], context)
        return .json(answer(window))
    }

    private func save(_ change: ConfigurationChange, teams: [TeamID], _ context: RouteContext) async throws {
        guard let caller = context.caller else { throw Problem.wrongToken }
        for team in teams { try caller.require(.configure(team), roster) }
        try await services.configurator.change(by: caller.author) { _ in [change] }
    }

    private func find(_ context: RouteContext) throws -> MaintenanceWindow {
        let id = MaintenanceWindowID(context.parameters.get("id") ?? "")
        guard let window = roster.maintenanceWindows[id] else { throw Problem.notFound("such maintenance window") }
        return window
    }

    private func read(_ body: JSON, into known: MaintenanceWindow?) throws -> MaintenanceWindow {
        var reader = FieldReader(body)
        let window = MaintenanceWindow(
            id: known?.id ?? services.configurator.identifiers.next(), name: reader.text("name", else: known?.name),
            teamID: reader.team(roster, else: known?.teamID),
            sources: Set(
                reader.texts("sources", else: known?.sources.map(\.rawValue) ?? []).map { SourceID($0) }),
            labels: reader.labels("labels", else: known?.labels ?? [:]), span: span(&reader, known?.span))
        try reader.finish()
        return window
    }

    /// From one instant to another, or the same hours on some days of each week.
    private func span(_ reader: inout FieldReader, _ known: MaintenanceWindow.Span?) -> MaintenanceWindow.Span {
        var once: (from: Timestamp?, to: Timestamp?) = (nil, nil)
        var weekly: MaintenanceWindow.Weekly?
        switch known {
        case .once(let from, let to): once = (from, to)
        case .weekly(let hours): weekly = hours
        case nil: break
        }
        if reader.has("weekdays") || weekly != nil && !reader.has("starts_at") {
            return .weekly(
                MaintenanceWindow.Weekly(
                    timeZone: reader.text("time_zone", else: weekly?.timeZone ?? "UTC"),
                    weekdays: reader.weekdays("weekdays", else: weekly?.weekdays ?? []),
                    fromMinute: required(&reader, "from", weekly?.fromMinute),
                    toMinute: required(&reader, "to", weekly?.toMinute)))
        }
        let from = reader.instant("starts_at", else: once.from)
        let to = reader.instant("ends_at", else: once.to)
        if from == nil && !reader.faults.contains(where: { $0.field == "starts_at" }) {
            reader.fault("starts_at", "Say when it begins and ends: starts_at and ends_at, or weekdays, from and to.")
        }
        if to == nil && !reader.faults.contains(where: { $0.field == "ends_at" }) {
            reader.fault("ends_at", "Say when it ends.")
        }
        return .once(from: from ?? services.time.now(), to: to ?? services.time.now())
    }

    private func required(_ reader: inout FieldReader, _ name: String, _ known: Int?) -> Int {
        if known == nil && !reader.has(name) { reader.fault(name, "Write a time of day like 22:00.") }
        return reader.timeOfDay(name, else: known) ?? 0
    }

    private func answer(_ window: MaintenanceWindow) -> MaintenanceAnswer {
        MaintenanceAnswer(window, roster, at: services.time.now())
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
    let from, to, timeZone: String?
    /// Whether it covers this instant, and until when.
    let active: Bool
    let activeUntil: String?

    init(_ window: MaintenanceWindow, _ roster: Roster, at now: Timestamp) {
        id = window.id.rawValue
        name = window.name
        team = .init(id: window.teamID.rawValue, name: roster.teams[window.teamID]?.name ?? "")
        sources = window.sources.sorted().map { .init(id: $0.rawValue, name: roster.source($0)?.name ?? "") }
        labels = window.labels
        switch window.span {
        case .once(let start, let end):
            (startsAt, endsAt) = (start.rfc3339, end.rfc3339)
            (weekdays, from, to, timeZone) = (nil, nil, nil, nil)
        case .weekly(let weekly):
            (startsAt, endsAt) = (nil, nil)
            weekdays = weekly.weekdays.sorted()
            from = timeOfDay(weekly.fromMinute)
            to = timeOfDay(weekly.toMinute)
            timeZone = weekly.timeZone
        }
        let end = window.end(covering: now)
        active = end != nil
        activeUntil = end?.rfc3339
    }
}
