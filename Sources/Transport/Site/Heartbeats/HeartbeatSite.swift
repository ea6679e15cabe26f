internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Store

/// /heartbeats: monitors that expect to hear something.
struct HeartbeatSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/heartbeats", .needs(.read), list)
        routes.page(.get, "/heartbeats/new", .needsTeam) { visit in
            visit.show(NewHeartbeatPage(visit.heartbeatForm, FormInput.newHeartbeat(visit.reader.timeZone)))
        }
        routes.page(.post, "/heartbeats", .needsTeam, create)
        routes.page(.get, "/heartbeats/{id}", .needs(.read)) { visit in
            let monitor = try visit.heartbeat()
            return visit.show(try await page(visit, monitor, FormInput(stored: monitor, visit.reader.timeZone)))
        }
        routes.page(.post, "/heartbeats/{id}", .needsTeam, save)
        routes.page(.post, "/heartbeats/{id}/state", .needsTeam, setState)
        routes.page(.post, "/heartbeats/{id}/regenerate", .needsTeam, regenerate)
        routes.page(.post, "/heartbeats/{id}/delete", .needsTeam, delete)
    }

    private func list(_ visit: Visit) async throws -> Response {
        let states = try await services.store.heartbeatStates()
        let monitors = visit.roster.heartbeats.values.sorted {
            ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id)
        }
        return visit.show(
            HeartbeatListPage(
                rows: monitors.map { visit.row(of: $0, states[$0.id] ?? HeartbeatState()) },
                mayCreate: visit.roster.admits(visit.user.id, .needsTeam)))
    }

    private func create(_ visit: Visit) async throws -> Response {
        var monitor = Heartbeat(
            id: services.configurator.identifiers.next(), name: "", teamID: "", rhythm: .every(.hours(1)),
            token: Heartbeat.tokenPrefix + services.keys.key())
        let faults = try await visit.store(&monitor)
        guard faults.isEmpty else {
            return visit.refuse(NewHeartbeatPage(visit.heartbeatForm, visit.form.with(faults)))
        }
        return visit.go(to: "/heartbeats/\(monitor.id)", saying: "Created. Let the job call its address now.")
    }

    private func save(_ visit: Visit) async throws -> Response {
        let known = try visit.configurableHeartbeat()
        var monitor = known
        let faults = try await visit.store(&monitor)
        guard faults.isEmpty else { return visit.refuse(try await page(visit, known, visit.form.with(faults))) }
        return visit.go(to: "/heartbeats/\(known.id)", saying: "Saved.")
    }

    private func setState(_ visit: Visit) async throws -> Response {
        let isPaused = visit.form["paused"] == "yes"
        return try await change(visit, isPaused ? "Paused." : "It waits for its next beat.") { $0.isPaused = isPaused }
    }

    private func regenerate(_ visit: Visit) async throws -> Response {
        let token = Heartbeat.tokenPrefix + services.keys.key()
        return try await change(visit, "It has a new address.") { $0.token = token }
    }

    private func change(
        _ visit: Visit, _ words: String, _ change: (inout Heartbeat) -> Void
    ) async throws -> Response {
        let id = try visit.configurableHeartbeat().id
        try await services.configurator.change(by: visit.author) { roster throws(ConfigurationFault) in
            guard var monitor = roster.heartbeats[id] else { throw .missing("such heartbeat") }
            change(&monitor)
            return [.saveHeartbeat(monitor)]
        }
        return visit.go(to: "/heartbeats/\(id)", saying: words)
    }

    private func delete(_ visit: Visit) async throws -> Response {
        let monitor = try visit.configurableHeartbeat()
        let faults = await visit.save { _ in [.deleteHeartbeat(monitor.id)] }
        if let fault = faults.first {
            return visit.go(to: "/heartbeats/\(monitor.id)", saying: fault.explanation, isBad: true)
        }
        return visit.go(to: "/heartbeats", saying: "“\(monitor.name)” is deleted.")
    }

    private func page(_ visit: Visit, _ monitor: Heartbeat, _ input: FormInput) async throws -> HeartbeatPage {
        let state = try await services.store.heartbeatState(monitor.id)
        let policy = monitor.policyID ?? visit.roster.teams[monitor.teamID]?.defaultPolicyID
        let mayConfigure = visit.may(.configure(monitor.teamID))
        return HeartbeatPage(
            .init(
                id: monitor.id.rawValue, row: visit.row(of: monitor, state), isPaused: monitor.isPaused,
                started: state.startedAt.map { visit.reader.moment($0) }, grace: monitor.grace.typed,
                policy: policy.flatMap { visit.roster.policies[$0]?.name } ?? "none",
                address: mayConfigure ? "\(services.settings.baseURL)/api/v1/heartbeats/\(monitor.token)" : nil,
                incidents: Path("/incidents").with([("state", "all"), ("source", monitor.id.rawValue)]),
                form: visit.heartbeatForm, input: input))
    }
}

extension Visit {
    fileprivate func heartbeat() throws(Problem) -> Heartbeat {
        guard let monitor = roster.heartbeats[HeartbeatID(parameter("id"))] else {
            throw Problem.notFound("such heartbeat")
        }
        return monitor
    }

    /// The same, if the visitor may change it.
    fileprivate func configurableHeartbeat() throws(Problem) -> Heartbeat {
        let monitor = try heartbeat()
        try require(.configure(monitor.teamID))
        return monitor
    }

    fileprivate var heartbeatForm: HeartbeatForm {
        HeartbeatForm(
            teams: configurableTeams, policies: choices(roster.policies.values.map { ($0.id.rawValue, $0.name) }),
            severities: Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) })
    }

    fileprivate func row(of monitor: Heartbeat, _ state: HeartbeatState) -> HeartbeatListPage.Row {
        let (wellbeing, words): (Wellbeing, String) =
            switch state.status {
            case _ where monitor.isPaused: (.idle, "paused")
            case .new: (.idle, "waits for its first beat")
            case .up: (.good, state.startedAt == nil ? "up" : "running")
            case .late: (.bad, "late")
            case .failed: (.bad, "failed")
            }
        let rhythm =
            switch monitor.rhythm {
            case .every(let period): "every \(period.typed)"
            case .cron(let expression, let zone): "at \(expression.description) in \(zone)"
            }
        return HeartbeatListPage.Row(
            name: monitor.name, path: "/heartbeats/\(monitor.id)", team: roster.teams[monitor.teamID]?.name ?? "",
            rhythm: rhythm, wellbeing: wellbeing, words: words, lastBeat: state.lastBeatAt.map { reader.moment($0) },
            due: monitor.isPaused ? nil : state.dueAt.map { reader.moment($0) })
    }

    /// Fills a monitor with what was typed and saves it.
    ///
    /// - Returns: what is wrong.
    fileprivate func store(_ monitor: inout Heartbeat) async throws(Problem) -> [FieldFault] {
        let team = TeamID(form["team"])
        if roster.teams[team] != nil { try require(.configure(team)) }
        var faults: [FieldFault] = []
        monitor.name = form["name"].trimmingBlanks()
        monitor.teamID = team
        monitor.policyID = form["policy"].isEmpty ? nil : PolicyID(form["policy"])
        monitor.severity = Severity(rawValue: form["severity"]) ?? monitor.severity
        if let grace = Duration(typed: form["grace"]) {
            monitor.grace = grace
        } else {
            faults.append(FieldFault("grace", "Write a length like 5 min or 1 h."))
        }
        do {
            monitor.rhythm = try rhythm()
        } catch {
            faults.append(error.fault)
        }
        guard faults.isEmpty else { return faults }
        return await save(["period_seconds": "period", "grace_seconds": "grace"]) { [monitor] _ in
            [.saveHeartbeat(monitor)]
        }
    }

    private struct BadRhythm: Error {
        let fault: FieldFault

        init(_ field: String, _ explanation: String) { fault = FieldFault(field, explanation) }
    }

    private func rhythm() throws(BadRhythm) -> Heartbeat.Rhythm {
        let (period, cron) = (form["period"].trimmingBlanks(), form["cron"].trimmingBlanks())
        switch (period.isEmpty, cron.isEmpty) {
        case (true, true): throw BadRhythm("period", "Say how often it beats, or at which times.")
        case (false, false): throw BadRhythm("cron", "Write either a length above or a cron expression.")
        case (false, true):
            guard let length = Duration(typed: period) else {
                throw BadRhythm("period", "Write a length like 5 min or 1 h.")
            }
            return .every(length)
        case (true, false):
            guard let expression = CronExpression(cron) else {
                throw BadRhythm("cron", "This is no cron expression. Write five fields, like 30 2 * * *.")
            }
            return .cron(expression, timeZone: form["time_zone"].trimmingBlanks())
        }
    }
}

extension Visit {
    /// The teams whose things the visitor may change.
    var configurableTeams: [Field.Choice] {
        choices(roster.teams.values.filter { may(.configure($0.id)) }.map { ($0.id.rawValue, $0.name) })
    }
}

extension FormInput {
    fileprivate static func newHeartbeat(_ timeZone: String) -> FormInput {
        FormInput(["time_zone": timeZone, "grace": "5 min", "severity": Severity.critical.rawValue])
    }

    fileprivate init(stored monitor: Heartbeat, _ timeZone: String) {
        var (period, cron, zone) = ("", "", timeZone)
        switch monitor.rhythm {
        case .every(let length): period = length.typed
        case .cron(let expression, let timeZone): (cron, zone) = (expression.description, timeZone)
        }
        self.init([
            "name": monitor.name, "team": monitor.teamID.rawValue, "period": period, "cron": cron, "time_zone": zone,
            "grace": monitor.grace.typed, "severity": monitor.severity.rawValue,
            "policy": monitor.policyID?.rawValue ?? "",
        ])
    }
}
