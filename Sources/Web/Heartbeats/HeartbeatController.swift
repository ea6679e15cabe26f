internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /heartbeats: monitors that expect regular calls.
struct HeartbeatController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/heartbeats", .needs(.read), list)
        routes.page(.get, "/heartbeats/new", .needsTeam) { request in
            request.show(
                request.newHeartbeat(
                    FormInput([
                        "time_zone": request.reader.timeZone, "grace": "5 min", "severity": Severity.critical.rawValue,
                    ])))
        }
        routes.page(.post, "/heartbeats", .needsTeam, create)
        routes.page(.get, "/heartbeats/{id}", .needs(.read)) { request in
            let monitor: Heartbeat = try request.find()
            var input = FormInput(stored: monitor)
            if input["time_zone"].isEmpty { input.values["time_zone"] = [request.reader.timeZone] }
            return request.show(try await page(request, monitor, input))
        }
        routes.page(.post, "/heartbeats/{id}", .needsTeam, save)
        routes.page(.post, "/heartbeats/{id}/state", .needsTeam, setState)
        routes.page(.post, "/heartbeats/{id}/regenerate", .needsTeam, regenerate)
        routes.page(.post, "/heartbeats/{id}/delete", .needsTeam) {
            try await $0.delete(Heartbeat.self, at: "/heartbeats", named: \.name)
        }
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let states = try await services.store.heartbeatStates()
        return request.show(
            HeartbeatListView(
                rows: request.all(Heartbeat.self, by: \.name).map {
                    request.row(of: $0, states[$0.id] ?? HeartbeatState())
                },
                mayCreate: request.configuration.admits(request.user.id, .needsTeam)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let new = Heartbeat(
            id: services.configurator.identifiers.next(), name: "", teamID: "", rhythm: .every(.hours(1)),
            token: Heartbeat.tokenPrefix + services.keys.key())
        if request.form["do"] == "preview" {
            let (input, expected) = request.preview(new, isNew: true)
            let page = request.newHeartbeat(input, expected)
            return input.faults.isEmpty ? request.show(page) : request.refuse(page)
        }
        let (monitor, faults) = try await request.save(typed: new, isNew: true)
        guard faults.isEmpty else { return request.refuse(request.newHeartbeat(request.form.with(faults))) }
        return request.go(to: "/heartbeats/\(monitor.id)", saying: "Created. Let the job call its address now.")
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known: Heartbeat = try request.findOwn()
        if request.form["do"] == "preview" {
            let (input, expected) = request.preview(known, isNew: false)
            let page = try await page(request, known, input, expected)
            return input.faults.isEmpty ? request.show(page) : request.refuse(page)
        }
        let (_, faults) = try await request.save(typed: known, isNew: false)
        guard faults.isEmpty else { return request.refuse(try await page(request, known, request.form.with(faults))) }
        return request.go(to: "/heartbeats/\(known.id)", saying: "Saved.")
    }

    private func setState(_ request: WebRequest) async throws -> Response {
        let isPaused = request.form["paused"] == "yes"
        let monitor = try await request.update(Heartbeat.self) { $0.isPaused = isPaused }
        return request.go(to: "/heartbeats/\(monitor.id)", saying: isPaused ? "Paused." : "It waits for its next beat.")
    }

    private func regenerate(_ request: WebRequest) async throws -> Response {
        let token = Heartbeat.tokenPrefix + services.keys.key()
        let monitor = try await request.update(Heartbeat.self) { $0.token = token }
        return request.go(to: "/heartbeats/\(monitor.id)", saying: "It has a new address.")
    }

    private func page(
        _ request: WebRequest, _ monitor: Heartbeat, _ input: FormInput, _ expected: [String]? = nil
    ) async throws -> HeartbeatView {
        let signals = try await services.store.signals(of: monitor.id)
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
                fields: request.fields(of: Heartbeat.self), input: input,
                expected: expected ?? request.expected(monitor),
                signals: signals.map { heard in
                    .init(
                        at: request.reader.moment(heard.at), signal: heard.signal.rawValue, address: heard.address,
                        agent: heard.agent, isLate: heard.isLate)
                }))
    }
}

extension WebRequest {
    fileprivate func newHeartbeat(_ input: FormInput, _ expected: [String] = []) -> NewHeartbeatView {
        NewHeartbeatView(fields: fields(of: Heartbeat.self), input: input, expected: expected)
    }

    /// The form with its faults, and when the cron expression in it expects the next beats.
    fileprivate func preview(_ known: Heartbeat, isNew: Bool) -> (FormInput, [String]) {
        let (draft, faults) = read(known, isNew: isNew, configuration)
        let zone: [FieldFault] =
            if case .cron(_, let name) = draft.rhythm, LocalClock(name) == nil {
                [FieldFault("time_zone", "There is no time zone “\(name.prefix(60))”. Write it like Europe/Zagreb.")]
            } else { [] }
        let shown = (faults + zone).filter { ["period", "cron", "time_zone"].contains($0.field) }
        return (form.with(shown), shown.isEmpty ? expected(draft) : [])
    }

    /// The next times of a cron expression, in its time zone, and in the reader's where that is another one.
    fileprivate func expected(_ monitor: Heartbeat) -> [String] {
        guard case .cron(_, let zone) = monitor.rhythm else { return [] }
        let there = Reader(now: now, timeZone: zone, form: reader.form)
        return monitor.expected(after: now, count: 5).map { time in
            let (local, own) = (there.exact(time), reader.exact(time))
            return local == own ? local : "\(local) (for you \(own))"
        }
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
}
