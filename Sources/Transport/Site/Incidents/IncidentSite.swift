internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Senders
internal import Store

/// /incidents: the list, one of them, and what can be done.
struct IncidentSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/incidents", .needs(.read), list)
        routes.page(.post, "/incidents/several", .needs(.respond), actOnSeveral)
        routes.page(.get, "/incidents/{number}", .needs(.read)) { visit in
            visit.show(IncidentPage(try await visit.incidentModel(try await visit.incident(), note: FormInput())))
        }
        routes.page(.post, "/incidents/{number}/acknowledge", .needs(.respond)) { try await act($0, .acknowledge) }
        routes.page(.post, "/incidents/{number}/resolve", .needs(.respond)) { try await act($0, .resolve) }
        routes.page(.post, "/incidents/{number}/reopen", .needs(.respond)) { try await act($0, .reopen) }
        routes.page(.post, "/incidents/{number}/escalate", .needs(.respond)) { try await act($0, .escalate) }
        routes.page(.post, "/incidents/{number}/snooze", .needs(.respond), snooze)
        routes.page(.post, "/incidents/{number}/reassign", .needs(.respond), reassign)
        routes.page(.post, "/incidents/{number}/note", .needs(.respond), note)
    }

    private func list(_ visit: Visit) async throws -> Response {
        let tab = IncidentListPage.Tab(rawValue: visit.query("state")) ?? .open
        var filter = IncidentFilter()
        filter.states = tab.states
        filter.teams = visit.roster.teams[TeamID(visit.query("team"))].map { [$0.id] } ?? []
        filter.severities = Set([Severity(rawValue: visit.query("severity"))].compactMap { $0 })
        filter.source = visit.roster.source(SourceID(visit.query("source")))?.id
        filter.text = visit.query("q")
        filter.before = Int(visit.query("before"))
        filter.limit = 20
        let incidents = try await services.store.incidents(filter)
        let counts = try await services.store.incidentCounts()
        let names = ["state", "q", "team", "severity", "source"]
        let chosen = names.map { (name: $0, value: visit.query($0)) }
        let here = Path("/incidents").with(chosen)
        let older =
            incidents.count == filter.limit
            ? incidents.last.map { here.with([("before", String($0.number))]) } : nil
        return visit.show(
            IncidentListPage(
                .init(
                    list: IncidentList(
                        rows: incidents.map { IncidentRow($0, visit.roster, visit.reader) },
                        mayAct: visit.may(.respond), back: here.with([("before", visit.query("before"))])),
                    tab: tab, counts: counts,
                    filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    teams: choices(visit.roster.teams.values.map { ($0.id.rawValue, $0.name) }),
                    sources: choices(
                        visit.roster.sources.values.map { ($0.id.rawValue, $0.name) }
                            + visit.roster.heartbeats.values.map { ($0.id.rawValue, $0.name) }),
                    newest: filter.before == nil ? nil : here, older: older, isFresh: counts.isEmpty)))
    }

    /// A row's own button, or what is to be done to all that are picked.
    private func actOnSeveral(_ visit: Visit) async throws -> Response {
        let form = visit.form
        let back = Path(untrusted: form["back"]) ?? "/incidents"
        let single = ["acknowledge", "resolve"].first { !form[$0].isEmpty }
        let action = single ?? form["action"]
        let numbers = (single.map { form.all($0) } ?? form.all("number")).prefix(200).compactMap { Int($0) }
        let command: Command
        switch action {
        case "acknowledge": command = .acknowledge
        case "resolve": command = .resolve
        default: return visit.go(to: back)
        }
        guard !numbers.isEmpty else { return visit.go(to: back, saying: "Pick incidents first.", isBad: true) }
        var refusals: [String] = []
        for number in numbers {
            guard let incident = try await services.store.incident(number: number) else { continue }
            let result = await services.directory.perform(CommandRequest(command, by: visit.author), on: incident.id)
            if let refusal = refusal(result) { refusals.append("#\(number): \(refusal)") }
        }
        if !refusals.isEmpty { return visit.go(to: back, saying: refusals.joined(separator: " "), isBad: true) }
        let what = numbers.count == 1 ? "Incident #\(numbers[0])" : "\(numbers.count) incidents"
        return visit.go(to: back, saying: "\(what) \(action)d.")
    }

    private func act(_ visit: Visit, _ command: Command) async throws -> Response {
        let incident = try await visit.incident()
        let result = await services.directory.perform(CommandRequest(command, by: visit.author), on: incident.id)
        let refusal = refusal(result)
        return visit.go(to: "/incidents/\(incident.number)", saying: refusal, isBad: refusal != nil)
    }

    private func snooze(_ visit: Visit) async throws -> Response {
        guard let minutes = Int(visit.form["minutes"]), (1...43_200).contains(minutes) else {
            throw Problem.invalid("minutes", "Say for how many minutes, 1 to 43200.")
        }
        return try await act(visit, .snooze(until: visit.now + .minutes(minutes)))
    }

    private func reassign(_ visit: Visit) async throws -> Response {
        guard let policy = visit.roster.policies[PolicyID(visit.form["policy"])] else {
            throw Problem.notFound("such escalation policy")
        }
        return try await act(visit, .reassign(policy))
    }

    private func note(_ visit: Visit) async throws -> Response {
        let incident = try await visit.incident()
        let request = CommandRequest(.note(Clean.text(visit.form["text"])), by: visit.author)
        let result = await services.directory.perform(request, on: incident.id)
        guard let refusal = refusal(result) else { return visit.go(to: "/incidents/\(incident.number)") }
        let input = visit.form.with([FieldFault("text", refusal)])
        return visit.refuse(IncidentPage(try await visit.incidentModel(incident, note: input)))
    }
}

extension IncidentListPage.Tab {
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

/// What a select offers, by name.
func choices(_ things: [(id: String, name: String)]) -> [Field.Choice] {
    things.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }.map { Field.Choice($0.id, $0.name) }
}

/// Why a command was not carried out; nil when it was.
private func refusal(_ result: CommandResult) -> String? {
    switch result {
    case .done: nil
    case .refused(let refusal): refusal.description
    case .notFound: "There is no such incident any more."
    case .fenced: "Another process took over. Try again."
    case .failed: "It could not be stored just now. Try again."
    }
}

extension Visit {
    /// The incident whose number stands in the path.
    func incident() async throws -> Incident {
        guard let number = Int(parameter("number")), let incident = try await services.store.incident(number: number)
        else { throw Problem.notFound("such incident") }
        return incident
    }
}
