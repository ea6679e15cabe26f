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
        let (monitor, faults) = try await request.save(typed: new, isNew: true)
        guard faults.isEmpty else { return request.refuse(request.newHeartbeat(request.form.with(faults))) }
        return request.go(to: "/heartbeats/\(monitor.id)", saying: "Created. Let the job call its address now.")
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known: Heartbeat = try request.findOwn()
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
                fields: request.fields(of: Heartbeat.self), input: input))
    }
}

extension WebRequest {
    fileprivate func newHeartbeat(_ input: FormInput) -> NewHeartbeatView {
        NewHeartbeatView(fields: fields(of: Heartbeat.self), input: input)
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
