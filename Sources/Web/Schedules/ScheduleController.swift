internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /schedules: the list, single schedules, layers, overrides and calendar links.
struct ScheduleController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/schedules", .needs(.read), list)
        routes.page(.get, "/schedules/new", .needsTeam) { request in
            let input = FormInput(["time_zone": request.reader.timeZone, "team_id": request.query("team")])
            return request.show(request.scheduleForm(nil, input))
        }
        routes.page(.post, "/schedules", .needsTeam) { try await save($0, nil) }
        routes.page(.get, "/schedules/{id}", .needs(.read)) { request in
            let schedule = try request.schedule()
            return request.show(
                ScheduleView(try await request.model(of: schedule, request.blankOverride(of: schedule))))
        }
        routes.page(.get, "/schedules/{id}/edit", .needsTeam, edit)
        routes.page(.post, "/schedules/{id}", .needsTeam) { try await save($0, $0.findOwn()) }
        routes.page(.post, "/schedules/{id}/delete", .needsTeam) {
            try await $0.delete(Schedule.self, at: "/schedules", named: \.name)
        }
        addLayers(to: routes)
        addOverrides(to: routes)
        routes.page(.post, "/schedules/{id}/calendar", .needs(.respond), makeLink)
        routes.page(.post, "/schedules/{id}/calendar/delete", .needs(.respond), revokeLink)
    }

    private func list(_ request: WebRequest) -> Response {
        let (configuration, now) = (request.configuration, request.now)
        let used = Set(configuration.policies.values.flatMap(\.targets))
        let rows = request.all(Schedule.self, by: \.name).map { schedule -> ScheduleListView.Row in
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
        let schedule: Schedule = try request.findOwn()
        return request.show(request.scheduleForm(schedule, FormInput(stored: schedule)))
    }

    /// Creates a schedule, or saves its name, team and time zone.
    private func save(_ request: WebRequest, _ old: Schedule?) async throws -> Response {
        let known =
            old
            ?? Schedule(id: services.configurator.identifiers.next(), name: "", teamID: "", timeZone: "", layers: [])
        if let old, request.form["do"] == "preview" { return request.preview(of: old) }
        let (schedule, faults) = try await request.save(typed: known, isNew: old == nil)
        guard faults.isEmpty else { return request.refuse(request.scheduleForm(old, request.form.with(faults))) }
        let path: Path = "/schedules/\(schedule.id)"
        return old == nil
            ? request.go(to: "\(path)/layers/new", saying: "The schedule is there. Now say who takes turns.")
            : request.go(to: path, saying: "Saved.")
    }

    /// Creates a calendar link. Only this response shows it.
    private func makeLink(_ request: WebRequest) async throws -> Response {
        let schedule = try request.overridableSchedule()
        let token = services.keys.key()
        let link = CalendarLink(
            id: services.configurator.identifiers.next(), hash: sha256(token), subject: .schedule(schedule.id),
            createdBy: request.user.id)
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
    /// The schedule with the id in the path.
    func schedule() throws(APIProblem) -> Schedule { try find() }

    /// The same schedule, if the user may change it.
    func ownSchedule() throws(APIProblem) -> Schedule { try findOwn() }

    /// The same schedule, if the user may add overrides to it.
    func overridableSchedule() throws(APIProblem) -> Schedule {
        let schedule = try schedule()
        try require(.override(schedule.teamID))
        return schedule
    }
}

extension WebRequest {
    /// The form again, with what the typed values would change. Nothing is stored.
    fileprivate func preview(of schedule: Schedule) -> Response {
        let (typed, unreadable) = read(schedule, isNew: false, configuration)
        let faults = unreadable + configuration.faults(of: [.save(typed)])
        var page = scheduleForm(schedule, form.with(faults))
        guard faults.isEmpty else { return refuse(page) }
        page.changes = shiftChanges(of: schedule, to: typed)
        return show(page)
    }

    fileprivate func scheduleForm(_ schedule: Schedule?, _ input: FormInput) -> ScheduleFormView {
        ScheduleFormView(id: schedule?.id, fields: fields(of: Schedule.self), input: input)
    }
}
