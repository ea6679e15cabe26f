internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /schedules: the list, one of them, its layers, overrides and calendar.
struct ScheduleController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/schedules", .needs(.read), list)
        routes.page(.get, "/schedules/new", .needsTeam) { request in
            let input = FormInput(["time_zone": request.reader.timeZone, "team_id": request.query("team")])
            return request.show(ScheduleFormView(id: nil, teams: request.ownTeams, input))
        }
        routes.page(.post, "/schedules", .needsTeam) { try await save($0, nil) }
        routes.page(.get, "/schedules/{id}", .needs(.read)) { request in
            let schedule = try request.schedule()
            return request.show(
                ScheduleView(try await request.model(of: schedule, request.blankOverride(of: schedule))))
        }
        routes.page(.get, "/schedules/{id}/edit", .needsTeam, edit)
        routes.page(.post, "/schedules/{id}", .needsTeam) { try await save($0, $0.schedule()) }
        routes.page(.post, "/schedules/{id}/delete", .needsTeam, delete)
        addLayers(to: routes)
        addOverrides(to: routes)
        routes.page(.post, "/schedules/{id}/calendar", .needs(.respond), makeLink)
        routes.page(.post, "/schedules/{id}/calendar/delete", .needs(.respond), revokeLink)
    }

    private func list(_ request: WebRequest) -> Response {
        let (configuration, now) = (request.configuration, request.now)
        let used = Set(configuration.policies.values.flatMap(\.targets))
        let schedules = configuration.schedules.values.sorted {
            ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id)
        }
        let rows = schedules.map { schedule -> ScheduleListView.Row in
            let gaps = schedule.gaps(
                from: now, to: now + Configuration.coverageHorizon, isPresent: configuration.isPresent)
            var warnings: [String] = []
            if schedule.layers.isEmpty {
                warnings.append("Nobody takes turns")
            } else if !gaps.isEmpty {
                warnings.append(gaps.count == 1 ? "A gap within 30 days" : "\(gaps.count) gaps within 30 days")
            }
            if !used.contains(.schedule(schedule.id)) { warnings.append("No policy uses it") }
            return ScheduleListView.Row(
                duty: request.duty(in: schedule, at: now), team: configuration.teams[schedule.teamID]?.name ?? "",
                timeZone: schedule.timeZone, warnings: warnings)
        }
        return request.show(ScheduleListView(rows: rows, mayCreate: !request.ownTeams.isEmpty))
    }

    private func edit(_ request: WebRequest) throws -> Response {
        let schedule = try request.ownSchedule()
        let input = FormInput([
            "name": schedule.name, "team_id": schedule.teamID.rawValue, "time_zone": schedule.timeZone,
        ])
        return request.show(ScheduleFormView(id: schedule.id, teams: request.ownTeams, input))
    }

    /// A new schedule, or another name, team or zone of one.
    private func save(_ request: WebRequest, _ old: Schedule?) async throws -> Response {
        let team = TeamID(request.form["team_id"])
        let id = old?.id ?? services.configurator.identifiers.next()
        do {
            try await request.change { configuration in
                var schedule =
                    old.flatMap { configuration.schedules[$0.id] }
                    ?? Schedule(id: id, name: "", teamID: team, timeZone: "", layers: [])
                if old != nil { try request.require(.configure(schedule.teamID)) }
                guard configuration.teams[team] != nil else {
                    throw ConfigurationFault.invalid([FieldFault("team_id", "Choose a team.")])
                }
                try request.require(.configure(team))
                schedule.name = request.form["name"].trimmingBlanks()
                schedule.teamID = team
                schedule.timeZone = request.form["time_zone"].trimmingBlanks()
                return [.saveSchedule(schedule)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            return request.refuse(ScheduleFormView(id: old?.id, teams: request.ownTeams, request.form.with(faults)))
        }
        return old == nil
            ? request.go(to: "/schedules/\(id)/layers/new", saying: "The schedule is there. Now say who takes turns.")
            : request.go(to: "/schedules/\(id)", saying: "Saved.")
    }

    private func delete(_ request: WebRequest) async throws -> Response {
        let schedule = try request.ownSchedule()
        return try await request.delete(
            from: "/schedules/\(schedule.id)", to: "/schedules", saying: "“\(schedule.name)” is deleted."
        ) { configuration in
            let reasons = configuration.reasonsToKeep(schedule: schedule.id)
            guard reasons.isEmpty else { throw ConfigurationFault.inUse(reasons) }
            return [.deleteSchedule(schedule.id)]
        }
    }

    /// The link is shown in this very answer and never again.
    private func makeLink(_ request: WebRequest) async throws -> Response {
        let schedule = try request.overridableSchedule()
        let token = services.keys.key()
        let link = CalendarLink(
            id: services.configurator.identifiers.next(), hash: sha256(token), subject: .schedule(schedule.id))
        try await services.store.replace(link, at: request.now)
        var model = try await request.model(of: schedule, request.blankOverride(of: schedule))
        model.newLink = "\(services.settings.baseURL)/calendar/\(token).ics"
        return request.show(ScheduleView(model))
    }

    private func revokeLink(_ request: WebRequest) async throws -> Response {
        let schedule = try request.overridableSchedule()
        _ = try await services.store.revokeCalendar(of: .schedule(schedule.id))
        return request.go(to: "/schedules/\(schedule.id)", saying: "The calendar's link does not work any more.")
    }
}

extension WebRequest {
    /// The schedule whose id stands in the path.
    func schedule() throws(APIProblem) -> Schedule {
        guard let schedule = configuration.schedules[ScheduleID(parameter("id"))] else {
            throw APIProblem.notFound("such schedule")
        }
        return schedule
    }

    /// The same, if the visitor may change it.
    func ownSchedule() throws(APIProblem) -> Schedule {
        let schedule = try schedule()
        try require(.configure(schedule.teamID))
        return schedule
    }

    /// The same, if the visitor may put overrides on it.
    func overridableSchedule() throws(APIProblem) -> Schedule {
        let schedule = try schedule()
        try require(.override(schedule.teamID))
        return schedule
    }
}
