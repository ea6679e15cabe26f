internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Store

/// /schedules: the list, one of them, its layers, overrides and calendar.
struct ScheduleSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/schedules", .needs(.read), list)
        routes.page(.get, "/schedules/new", .needsTeam) { visit in
            let input = FormInput(["time_zone": visit.reader.timeZone, "team_id": visit.query("team")])
            return visit.show(ScheduleFormPage(id: nil, teams: visit.ownTeams, input))
        }
        routes.page(.post, "/schedules", .needsTeam) { try await save($0, nil) }
        routes.page(.get, "/schedules/{id}", .needs(.read)) { visit in
            let schedule = try visit.schedule()
            return visit.show(SchedulePage(try await visit.model(of: schedule, visit.blankOverride(of: schedule))))
        }
        routes.page(.get, "/schedules/{id}/edit", .needsTeam, edit)
        routes.page(.post, "/schedules/{id}", .needsTeam) { try await save($0, $0.schedule()) }
        routes.page(.post, "/schedules/{id}/delete", .needsTeam, delete)
        addLayers(to: routes)
        addOverrides(to: routes)
        routes.page(.post, "/schedules/{id}/calendar", .needs(.respond), makeLink)
        routes.page(.post, "/schedules/{id}/calendar/delete", .needs(.respond), revokeLink)
    }

    private func list(_ visit: Visit) -> Response {
        let (roster, now) = (visit.roster, visit.now)
        let used = Set(roster.policies.values.flatMap(\.targets))
        let schedules = roster.schedules.values.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        let rows = schedules.map { schedule -> ScheduleListPage.Row in
            let gaps = schedule.gaps(from: now, to: now + Roster.coverageHorizon, isPresent: roster.isPresent)
            var warnings: [String] = []
            if schedule.layers.isEmpty {
                warnings.append("Nobody takes turns")
            } else if !gaps.isEmpty {
                warnings.append(gaps.count == 1 ? "A gap within 30 days" : "\(gaps.count) gaps within 30 days")
            }
            if !used.contains(.schedule(schedule.id)) { warnings.append("No policy uses it") }
            return ScheduleListPage.Row(
                duty: visit.duty(in: schedule, at: now), team: roster.teams[schedule.teamID]?.name ?? "",
                timeZone: schedule.timeZone, warnings: warnings)
        }
        return visit.show(ScheduleListPage(rows: rows, mayCreate: !visit.ownTeams.isEmpty))
    }

    private func edit(_ visit: Visit) throws -> Response {
        let schedule = try visit.ownSchedule()
        let input = FormInput([
            "name": schedule.name, "team_id": schedule.teamID.rawValue, "time_zone": schedule.timeZone,
        ])
        return visit.show(ScheduleFormPage(id: schedule.id, teams: visit.ownTeams, input))
    }

    /// A new schedule, or another name, team or zone of one.
    private func save(_ visit: Visit, _ old: Schedule?) async throws -> Response {
        let team = TeamID(visit.form["team_id"])
        let id = old?.id ?? services.configurator.identifiers.next()
        do {
            try await visit.change { roster in
                var schedule =
                    old.flatMap { roster.schedules[$0.id] }
                    ?? Schedule(id: id, name: "", teamID: team, timeZone: "", layers: [])
                if old != nil { try visit.require(.configure(schedule.teamID)) }
                guard roster.teams[team] != nil else {
                    throw ConfigurationFault.invalid([FieldFault("team_id", "Choose a team.")])
                }
                try visit.require(.configure(team))
                schedule.name = visit.form["name"].trimmingBlanks()
                schedule.teamID = team
                schedule.timeZone = visit.form["time_zone"].trimmingBlanks()
                return [.saveSchedule(schedule)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            return visit.refuse(ScheduleFormPage(id: old?.id, teams: visit.ownTeams, visit.form.with(faults)))
        }
        return old == nil
            ? visit.go(to: "/schedules/\(id)/layers/new", saying: "The schedule is there. Now say who takes turns.")
            : visit.go(to: "/schedules/\(id)", saying: "Saved.")
    }

    private func delete(_ visit: Visit) async throws -> Response {
        let schedule = try visit.ownSchedule()
        return try await visit.delete(
            from: "/schedules/\(schedule.id)", to: "/schedules", saying: "“\(schedule.name)” is deleted."
        ) { roster in
            let reasons = roster.reasonsToKeep(schedule: schedule.id)
            guard reasons.isEmpty else { throw ConfigurationFault.inUse(reasons) }
            return [.deleteSchedule(schedule.id)]
        }
    }

    /// The link is shown in this very answer and never again.
    private func makeLink(_ visit: Visit) async throws -> Response {
        let schedule = try visit.overridableSchedule()
        let token = services.keys.key()
        let link = CalendarLink(
            id: services.configurator.identifiers.next(), hash: sha256(token), subject: .schedule(schedule.id))
        try await services.store.replace(link, at: visit.now)
        var model = try await visit.model(of: schedule, visit.blankOverride(of: schedule))
        model.newLink = "\(services.settings.baseURL)/calendar/\(token).ics"
        return visit.show(SchedulePage(model))
    }

    private func revokeLink(_ visit: Visit) async throws -> Response {
        let schedule = try visit.overridableSchedule()
        _ = try await services.store.revokeCalendar(of: .schedule(schedule.id))
        return visit.go(to: "/schedules/\(schedule.id)", saying: "The calendar's link does not work any more.")
    }
}

extension Visit {
    /// The schedule whose id stands in the path.
    func schedule() throws(Problem) -> Schedule {
        guard let schedule = roster.schedules[ScheduleID(parameter("id"))] else {
            throw Problem.notFound("such schedule")
        }
        return schedule
    }

    /// The same, if the visitor may change it.
    func ownSchedule() throws(Problem) -> Schedule {
        let schedule = try schedule()
        try require(.configure(schedule.teamID))
        return schedule
    }

    /// The same, if the visitor may put overrides on it.
    func overridableSchedule() throws(Problem) -> Schedule {
        let schedule = try schedule()
        try require(.override(schedule.teamID))
        return schedule
    }
}
