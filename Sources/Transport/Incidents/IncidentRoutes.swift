internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore
internal import Store

/// /api/v1/incidents: list incidents, read them and act on them.
struct IncidentRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/api/v1/incidents"
        routes.on(.get, path) { request, _ in try await list(request) }
        routes.on(.get, "\(path)/{number}") { request, context in try await show(request, context) }
        routes.on(.get, "\(path)/{number}/timeline") { request, context in try await timeline(request, context) }
        routes.on(.get, "\(path)/{number}/notifications") { request, context in try await pages(request, context) }
        let actions: [(String, @Sendable (JSON, Caller, Services) throws -> Command)] = [
            ("acknowledge", { _, _, _ in .acknowledge }), ("ack", { _, _, _ in .acknowledge }),
            ("resolve", { _, _, _ in .resolve }), ("reopen", { _, _, _ in .reopen }),
            ("escalate", { _, _, _ in .escalate }), ("snooze", snooze), ("notes", note),
            ("reassign", reassign), ("hand-over", handOver), ("undo", { _, _, _ in .undo }),
        ]
        for (name, command) in actions {
            routes.on(.post, "\(path)/{number}/\(name)") { request, context in
                try await act(request, context, command)
            }
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await services.caller(of: request, forTeams: true)
        let query = request.uri.queryParameters
        var filter = IncidentFilter()
        filter.states = Set(try words(query["state"], "state") { Incident.State.Name(rawValue: $0) })
        filter.severities = Set(try words(query["severity"], "severity") { Severity(rawValue: $0) })
        filter.teams = try words(query["team"], "team") { services.configuration.current.team(named: $0)?.id }
        if let teams = caller.teams {
            filter.teams = filter.teams.isEmpty ? teams.sorted() : filter.teams.filter { teams.contains($0) }
            guard !filter.teams.isEmpty else { return .json(ListAnswer<IncidentAnswer>(items: [], next: nil)) }
        }
        filter.source = query["source"].map { SourceID(String($0)) }
        filter.text = query["q"].map { String($0) }
        filter.since = try instant(query["since"], "since")
        filter.until = try instant(query["until"], "until")
        filter.before = try number(query["cursor"], "cursor", in: 1...Int.max)
        filter.limit = try number(query["limit"], "limit", in: 1...IncidentFilter.Limits.list) ?? 50
        let incidents = try await services.store.incidents(filter)
        let next = incidents.count == filter.limit ? incidents.last.map { String($0.number) } : nil
        return .json(ListAnswer(items: incidents.map(answer), next: next))
    }

    private func show(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try await services.caller(of: request, forTeams: true)
        return .json(answer(try await incident(context, caller)))
    }

    private func timeline(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try await services.caller(of: request, forTeams: true)
        let entries = try await services.store.timeline(of: try await incident(context, caller).id)
        return .json(ListAnswer(items: entries.map(TimelineAnswer.init), next: nil))
    }

    private func pages(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try await services.caller(of: request, forTeams: true)
        let reader = caller.user.id
        var filter = PageFilter()
        filter.incident = try await incident(context, caller).id
        filter.limit = 200
        let configuration = services.configuration.current
        let pages = try await services.store.pages(filter)
        return .json(ListAnswer(items: pages.map { PageAnswer($0, to: reader, configuration) }, next: nil))
    }

    private func act(
        _ request: Request, _ context: RouteContext, _ command: (JSON, Caller, Services) throws -> Command
    ) async throws -> Response {
        let caller = try await services.caller(of: request, .respond, forTeams: true)
        let body = try await json(of: request)
        let incident = try await incident(context, caller)
        let commandRequest = CommandRequest(try command(body, caller, services), by: caller.author)
        switch await services.directory.perform(commandRequest, on: incident.id) {
        case .done(let after, _): return .json(answer(after))
        case .refused(let refusal): throw APIProblem(refusal)
        case .notFound: throw APIProblem.notFound("such incident")
        case .fenced: throw APIProblem.unavailable("Another process took over.")
        case .failed(let reason): throw APIProblem.unavailable(reason)
        }
    }

    private func answer(_ incident: Incident) -> IncidentAnswer {
        IncidentAnswer(incident, configuration: services.configuration.current, baseURL: services.settings.baseURL)
    }

    private func incident(_ context: RouteContext, _ caller: Caller) async throws -> Incident {
        guard let number = context.parameters.get("number", as: Int.self),
            let incident = try await services.store.incident(number: number), caller.sees(incident.teamID)
        else { throw APIProblem.notFound("incident \(context.parameters.get("number")?.prefix(20) ?? "")") }
        return incident
    }
}

private func snooze(_ body: JSON, _ caller: Caller, _ services: Services) throws -> Command {
    if let until = body["until"]?.text {
        guard let instant = Timestamp(accepting: until) else {
            throw APIProblem.invalid("until", "Write it as 2026-03-01T03:00:00Z.")
        }
        return .snooze(until: instant)
    }
    guard let minutes = body["minutes"]?.text.flatMap({ Int($0) }), minutes > 0, minutes <= 43_200 else {
        throw APIProblem.invalid("until", "Set an instant, or a number of minutes from 1 to 43200.")
    }
    return .snooze(until: services.time.now() + .minutes(minutes))
}

private func note(_ body: JSON, _ caller: Caller, _ services: Services) throws -> Command {
    guard let text = body["text"]?.text else { throw APIProblem.invalid("text", "Write the note's text.") }
    return .note(Clean.text(text))
}

private func reassign(_ body: JSON, _ caller: Caller, _ services: Services) throws -> Command {
    guard let name = body["policy"]?.text ?? body["policy_id"]?.text else {
        throw APIProblem.invalid("policy", "Name an escalation policy by its id or name.")
    }
    guard let found = services.configuration.current.policy(named: name), caller.sees(found.teamID) else {
        throw APIProblem.invalid("policy", "There is no escalation policy “\(name.prefix(100))”.")
    }
    return .reassign(found)
}

private func handOver(_ body: JSON, _ caller: Caller, _ services: Services) throws -> Command {
    guard let name = body["user"]?.text ?? body["user_id"]?.text else {
        throw APIProblem.invalid("user", "Name a user by the id or the e-mail address.")
    }
    let users = services.configuration.current.users
    let found = users[UserID(name)] ?? users.values.first { $0.email.lowercased() == name.lowercased() }
    guard let found, UserResource().isVisible(found, to: caller, services.configuration.current) else {
        throw APIProblem.invalid("user", "There is no user “\(name.prefix(100))”.")
    }
    return .handOver(to: found.id)
}
