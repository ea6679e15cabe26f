internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /heartbeats: monitors that expect to hear something.
struct HeartbeatController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/heartbeats", .needs(.read), list)
        routes.page(.get, "/heartbeats/new", .needsTeam) { request in
            request.show(NewHeartbeatView(request.heartbeatForm, FormInput.newHeartbeat(request.reader.timeZone)))
        }
        routes.page(.post, "/heartbeats", .needsTeam, create)
        routes.page(.get, "/heartbeats/{id}", .needs(.read)) { request in
            let monitor = try request.heartbeat()
            return request.show(try await page(request, monitor, FormInput(stored: monitor, request.reader.timeZone)))
        }
        routes.page(.post, "/heartbeats/{id}", .needsTeam, save)
        routes.page(.post, "/heartbeats/{id}/state", .needsTeam, setState)
        routes.page(.post, "/heartbeats/{id}/regenerate", .needsTeam, regenerate)
        routes.page(.post, "/heartbeats/{id}/delete", .needsTeam, delete)
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let states = try await services.store.heartbeatStates()
        let monitors = request.configuration.heartbeats.values.sorted {
            ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id)
        }
        return request.show(
            HeartbeatListView(
                rows: monitors.map { request.row(of: $0, states[$0.id] ?? HeartbeatState()) },
                mayCreate: request.configuration.admits(request.user.id, .needsTeam)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        var monitor = Heartbeat(
            id: services.configurator.identifiers.next(), name: "", teamID: "", rhythm: .every(.hours(1)),
            token: Heartbeat.tokenPrefix + services.keys.key())
        let faults = try await request.store(&monitor)
        guard faults.isEmpty else {
            return request.refuse(NewHeartbeatView(request.heartbeatForm, request.form.with(faults)))
        }
        return request.go(to: "/heartbeats/\(monitor.id)", saying: "Created. Let the job call its address now.")
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known = try request.configurableHeartbeat()
        var monitor = known
        let faults = try await request.store(&monitor)
        guard faults.isEmpty else { return request.refuse(try await page(request, known, request.form.with(faults))) }
        return request.go(to: "/heartbeats/\(known.id)", saying: "Saved.")
    }

    private func setState(_ request: WebRequest) async throws -> Response {
        let isPaused = request.form["paused"] == "yes"
        return try await change(request, isPaused ? "Paused." : "It waits for its next beat.") {
            $0.isPaused = isPaused
        }
    }

    private func regenerate(_ request: WebRequest) async throws -> Response {
        let token = Heartbeat.tokenPrefix + services.keys.key()
        return try await change(request, "It has a new address.") { $0.token = token }
    }

    private func change(
        _ request: WebRequest, _ words: String, _ change: (inout Heartbeat) -> Void
    ) async throws -> Response {
        let id = try request.configurableHeartbeat().id
        try await services.configurator.change(by: request.author) { configuration throws(ConfigurationFault) in
            guard var monitor = configuration.heartbeats[id] else { throw .missing("such heartbeat") }
            change(&monitor)
            return [.saveHeartbeat(monitor)]
        }
        return request.go(to: "/heartbeats/\(id)", saying: words)
    }

    private func delete(_ request: WebRequest) async throws -> Response {
        let monitor = try request.configurableHeartbeat()
        let faults = await request.save { _ in [.deleteHeartbeat(monitor.id)] }
        if let fault = faults.first {
            return request.go(to: "/heartbeats/\(monitor.id)", saying: fault.explanation, isBad: true)
        }
        return request.go(to: "/heartbeats", saying: "“\(monitor.name)” is deleted.")
    }

    private func page(_ request: WebRequest, _ monitor: Heartbeat, _ input: FormInput) async throws -> HeartbeatView {
        let state = try await services.store.heartbeatState(monitor.id)
        let policy = monitor.policyID ?? request.configuration.teams[monitor.teamID]?.defaultPolicyID
        let mayConfigure = request.may(.configure(monitor.teamID))
        return HeartbeatView(
            .init(
                id: monitor.id.rawValue, row: request.row(of: monitor, state), isPaused: monitor.isPaused,
                started: state.startedAt.map { request.reader.moment($0) }, grace: monitor.grace.typed,
                policy: policy.flatMap { request.configuration.policies[$0]?.name } ?? "none",
                address: mayConfigure ? "\(services.settings.baseURL)/api/v1/heartbeats/\(monitor.token)" : nil,
                incidents: Path("/incidents").with([("state", "all"), ("source", monitor.id.rawValue)]),
                form: request.heartbeatForm, input: input))
    }
}

extension WebRequest {
    fileprivate func heartbeat() throws(APIProblem) -> Heartbeat {
        guard let monitor = configuration.heartbeats[HeartbeatID(parameter("id"))] else {
            throw APIProblem.notFound("such heartbeat")
        }
        return monitor
    }

    /// The same, if the visitor may change it.
    fileprivate func configurableHeartbeat() throws(APIProblem) -> Heartbeat {
        let monitor = try heartbeat()
        try require(.configure(monitor.teamID))
        return monitor
    }

    fileprivate var heartbeatForm: HeartbeatForm {
        HeartbeatForm(
            teams: configurableTeams,
            policies: choices(configuration.policies.values.map { ($0.id.rawValue, $0.name) }),
            severities: Severity.allCases.reversed().map { Field.Choice($0.rawValue, $0.rawValue) })
    }

    fileprivate func row(of monitor: Heartbeat, _ state: HeartbeatState) -> HeartbeatListView.Row {
        let (tone, words): (Tone, String) =
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
        return HeartbeatListView.Row(
            name: monitor.name, path: "/heartbeats/\(monitor.id)",
            team: configuration.teams[monitor.teamID]?.name ?? "",
            rhythm: rhythm, tone: tone, words: words, lastBeat: state.lastBeatAt.map { reader.moment($0) },
            due: monitor.isPaused ? nil : state.dueAt.map { reader.moment($0) })
    }

    /// Fills a monitor with what was typed and saves it.
    ///
    /// - Returns: what is wrong.
    fileprivate func store(_ monitor: inout Heartbeat) async throws(APIProblem) -> [FieldFault] {
        let team = TeamID(form["team"])
        if configuration.teams[team] != nil { try require(.configure(team)) }
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

extension WebRequest {
    /// The teams whose things the visitor may change.
    var configurableTeams: [Field.Choice] {
        choices(configuration.teams.values.filter { may(.configure($0.id)) }.map { ($0.id.rawValue, $0.name) })
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
