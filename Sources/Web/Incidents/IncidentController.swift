internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Store
internal import Transport

/// /incidents: the list, single incidents and their actions.
struct IncidentController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/incidents", .needs(.read), list)
        routes.page(.post, "/incidents/several", .needs(.respond), actOnSeveral)
        routes.page(.post, "/incidents/undo", .needs(.respond), undo)
        routes.page(.get, "/incidents/{number}", .needs(.read)) { request in
            request.show(IncidentView(try await request.incidentModel(try await request.incident(), note: FormInput())))
        }
        routes.page(.post, "/incidents/{number}/acknowledge", .needs(.respond)) { try await act($0, .acknowledge) }
        routes.page(.post, "/incidents/{number}/resolve", .needs(.respond)) { try await act($0, .resolve) }
        routes.page(.post, "/incidents/{number}/reopen", .needs(.respond)) { try await act($0, .reopen) }
        routes.page(.post, "/incidents/{number}/escalate", .needs(.respond)) { try await act($0, .escalate) }
        routes.page(.post, "/incidents/{number}/snooze", .needs(.respond), snooze)
        routes.page(.post, "/incidents/{number}/reassign", .needs(.respond), reassign)
        routes.page(.post, "/incidents/{number}/hand-over", .needs(.respond), handOver)
        routes.page(.post, "/incidents/{number}/note", .needs(.respond), note)
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let tab = IncidentListView.Tab(rawValue: request.query("state")) ?? .open
        let search = IncidentSearch({ request.query($0) }, request.configuration, request.reader)
        var filter = search.filter
        filter.states = tab.states
        filter.before = Int(request.query("before"))
        filter.limit = 20
        // Open incidents are few: the most severe come first. History is in the order of time.
        if tab != .resolved && tab != .all { filter.order = .urgent }
        if filter.order == .urgent {
            filter.skip = Int(request.query("from")).map { min(max($0, 0), 100_000) } ?? 0
            filter.before = nil
        }
        let page = try await services.store.incidentPage(filter)
        let (incidents, counts) = (page.incidents, page.counts)
        let isFresh = counts.byState.isEmpty ? try await services.store.incidentCounts().isEmpty : false
        let chosen = (["state"] + IncidentSearch.names).map { (name: $0, value: request.query($0)) }
        let here = Path("/incidents").with(chosen)
        let older =
            incidents.count == filter.limit
            ? filter.order == .urgent
                ? here.with([("from", String(filter.skip + filter.limit))])
                : incidents.last.map { here.with([("before", String($0.number))]) } : nil
        return request.show(
            IncidentListView(
                .init(
                    list: IncidentList(
                        rows: incidents.map { IncidentRow($0, request.configuration, request.reader) },
                        mayAct: request.may(.respond),
                        back: here.with([("before", request.query("before")), ("from", request.query("from"))])),
                    tab: tab, counts: counts,
                    gap: page.isOfAll
                        ? nil
                        : "Less than three characters are looked for in the open incidents and in the newest \(IncidentPage.newest).",
                    filter: FormInput(
                        Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +), faults: search.faults),
                    teams: choices(request.configuration.teams.values.map { ($0.id.rawValue, $0.name) }),
                    sources: choices(
                        request.configuration.sources.values.map { ($0.id.rawValue, $0.name) }
                            + request.configuration.heartbeats.values.map { ($0.id.rawValue, $0.name) }),
                    newest: filter.before == nil && filter.skip == 0 ? nil : here, older: older, isFresh: isFresh)))
    }

    /// Performs a single row's action, or an action on all selected incidents.
    private func actOnSeveral(_ request: WebRequest) async throws -> Response {
        let form = request.form
        let back = Path(untrusted: form["back"]) ?? "/incidents"
        let single = ["acknowledge", "resolve"].first { !form[$0].isEmpty }
        let action = single ?? form["action"]
        let numbers = (single.map { form.all($0) } ?? form.all("number")).prefix(200).compactMap { Int($0) }
        let command: Command
        switch action {
        case "acknowledge": command = .acknowledge
        case "resolve": command = .resolve
        default: return request.go(to: back)
        }
        guard !numbers.isEmpty else { return request.go(to: back, saying: "Pick incidents first.", isBad: true) }
        var refusals: [String] = []
        for number in numbers {
            guard let incident = try await services.store.incident(number: number) else { continue }
            let result = await services.directory.perform(CommandRequest(command, by: request.author), on: incident.id)
            if let refusal = refusal(result) { refusals.append("#\(number): \(refusal)") }
        }
        if !refusals.isEmpty { return request.go(to: back, saying: refusals.joined(separator: " "), isBad: true) }
        let what = numbers.count == 1 ? "Incident #\(numbers[0])" : "\(numbers.count) incidents"
        return request.go(to: back, saying: "\(what) \(action)d.", undo: numbers)
    }

    private func act(_ request: WebRequest, _ command: Command) async throws -> Response {
        let incident = try await request.incident()
        let result = await services.directory.perform(CommandRequest(command, by: request.author), on: incident.id)
        let here: Path = "/incidents/\(incident.number)"
        if let refusal = refusal(result) { return request.go(to: here, saying: refusal, isBad: true) }
        guard let words = request.words(for: command) else { return request.go(to: here) }
        return request.go(to: here, saying: words, undo: [incident.number])
    }

    /// Takes back what the person just did to these incidents.
    private func undo(_ request: WebRequest) async throws -> Response {
        let numbers = request.form["numbers"].split(separator: " ").prefix(Frame.Flash.Limits.undo)
            .compactMap { Int($0) }
        var refusals: [String] = []
        for number in numbers {
            guard let incident = try await services.store.incident(number: number) else { continue }
            let result = await services.directory.perform(CommandRequest(.undo, by: request.author), on: incident.id)
            if let refusal = refusal(result) { refusals.append("#\(number): \(refusal)") }
        }
        let back: Path = numbers.count == 1 ? "/incidents/\(numbers[0])" : "/incidents"
        if !refusals.isEmpty { return request.go(to: back, saying: refusals.joined(separator: " "), isBad: true) }
        return request.go(to: back, saying: "Undone. It goes on where it was.")
    }

    private func snooze(_ request: WebRequest) async throws -> Response {
        guard let minutes = Int(request.form["minutes"]), (1...43_200).contains(minutes) else {
            throw APIProblem.invalid("minutes", "Say for how many minutes, 1 to 43200.")
        }
        return try await act(request, .snooze(until: request.now + .minutes(minutes)))
    }

    private func reassign(_ request: WebRequest) async throws -> Response {
        guard let policy = request.configuration.policies[PolicyID(request.form["policy"])] else {
            throw APIProblem.notFound("such escalation policy")
        }
        return try await act(request, .reassign(policy))
    }

    private func handOver(_ request: WebRequest) async throws -> Response {
        try await act(request, .handOver(to: UserID(request.form["user"])))
    }

    private func note(_ request: WebRequest) async throws -> Response {
        let incident = try await request.incident()
        let command = CommandRequest(.note(Clean.text(request.form["text"])), by: request.author)
        let result = await services.directory.perform(command, on: incident.id)
        guard let refusal = refusal(result) else { return request.go(to: "/incidents/\(incident.number)") }
        let input = request.form.with([FieldFault("text", refusal)])
        return request.refuse(IncidentView(try await request.incidentModel(incident, note: input)))
    }
}

extension IncidentListView.Tab {
    fileprivate var states: Set<Incident.State.Name> {
        switch self {
        case .open: [.triggered, .acknowledged]
        case .triggered: [.triggered]
        case .acknowledged: [.acknowledged]
        case .resolved: [.resolved]
        case .all: []
        }
    }
}

/// The options of a select, sorted by name.
func choices(_ things: [(id: String, name: String)]) -> [Field.Choice] {
    things.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }.map { Field.Choice($0.id, $0.name) }
}

/// Why a command failed, or nil if it succeeded.
private func refusal(_ result: CommandResult) -> String? {
    switch result {
    case .done: nil
    case .refused(let refusal): refusal.description
    case .notFound: "There is no such incident any more."
    case .fenced: "Another process took over. Try again."
    case .failed: "The change could not be stored. Try again."
    }
}

extension WebRequest {
    /// What to say after an action that can be taken back.
    fileprivate func words(for command: Command) -> String? {
        switch command {
        case .acknowledge: "Acknowledged."
        case .resolve: "Resolved."
        case .escalate: "Escalated to the next step."
        case .snooze(let until): "Snoozed until \(reader.exact(until))."
        case .reassign(let policy): "Moved to “\(policy.name)”."
        case .handOver(let user): "Handed to \(configuration.name(of: user))."
        case .receive, .reopen, .undo, .resume, .maintenanceChanged, .escalationDue, .note, .pageFailed, .pageLate,
            .rulesChanged, .responderGone:
            nil
        }
    }

    /// The incident with the number in the path.
    func incident() async throws -> Incident {
        guard let number = Int(parameter("number")), let incident = try await services.store.incident(number: number)
        else { throw APIProblem.notFound("such incident") }
        return incident
    }
}
