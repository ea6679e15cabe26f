internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension ScheduleController {
    func addOverrides(to routes: RouteTable) {
        routes.page(.post, "/schedules/{id}/overrides", .needs(.respond), addOverride)
        routes.page(.post, "/schedules/{id}/overrides/{override}/delete", .needs(.respond), deleteOverride)
    }

    private func addOverride(_ request: WebRequest) async throws -> Response {
        let schedule = try request.overridableSchedule()
        let form = request.form
        let window = ScheduleWindow(request, "/schedules/\(schedule.id)", zone: schedule.timeZone)
        let (from, to) = (window.clock.instant(typed: form["from"]), window.clock.instant(typed: form["to"]))
        var faults: [FieldFault] = []
        if from == nil { faults.append(FieldFault("from", "Write a day and a time, like 2026-03-01T03:00.")) }
        if to == nil { faults.append(FieldFault("to", "Write a day and a time, like 2026-03-01T03:00.")) }
        if let to, to <= request.now { faults.append(FieldFault("to", "This has ended already.")) }
        let change = change(form, &faults)
        guard faults.isEmpty, let from, let to, let change else {
            return request.refuse(ScheduleView(try await request.model(of: schedule, form.with(faults))))
        }
        let override = Schedule.Override(
            id: services.configurator.identifiers.next(), change: change, from: from, to: to, author: request.user.name,
            madeAt: request.now)
        do {
            try await request.change { configuration in
                guard var schedule = configuration.schedules[schedule.id] else {
                    throw APIProblem.notFound("such schedule")
                }
                schedule.overrides.append(override)
                return [.save(schedule)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let input = form.with(faults) { field in
                switch field.split(separator: ".").last.map(String.init) {
                case "with", "with_user_id": "substitute"
                case "user_id": if case .replace = change { "away" } else { "substitute" }
                case "to": "to"
                default: field
                }
            }
            return request.refuse(ScheduleView(try await request.model(of: schedule, input)))
        }
        let page = window.link(window.clock.date(at: from))
        let words = request.configuration.words(for: change)
        return request.go(
            to: page,
            saying: "\(words.capitalizedFirst), from \(window.reader.local(from)) to \(window.reader.local(to)).")
    }

    /// The chosen change: who goes on call, and whom they replace.
    private func change(_ form: FormInput, _ faults: inout [FieldFault]) -> Schedule.Override.Change? {
        let (substitute, away) = (UserID(form["substitute"]), form["away"])
        switch (form["substitute"], away) {
        case ("", _): faults.append(FieldFault("substitute", "Choose somebody."))
        case ("nobody", "anybody"), ("nobody", "addition"), ("nobody", ""):
            faults.append(FieldFault("away", "Choose who is not on call."))
        case ("nobody", _): return .remove(UserID(away))
        case (_, "anybody"): return .only(substitute)
        case (_, "addition"): return .add(substitute)
        case (_, ""): faults.append(FieldFault("away", "Choose for whom."))
        default: return .replace(UserID(away), with: substitute)
        }
        return nil
    }

    private func deleteOverride(_ request: WebRequest) async throws -> Response {
        let schedule = try request.overridableSchedule()
        let id = OverrideID(request.parameter("override"))
        try await request.change { configuration in
            guard var schedule = configuration.schedules[schedule.id],
                schedule.overrides.contains(where: { $0.id == id })
            else { throw APIProblem.notFound("such override any more") }
            schedule.overrides.removeAll { $0.id == id }
            return [.save(schedule)]
        }
        return request.go(to: "/schedules/\(schedule.id)", saying: "The override is deleted.")
    }
}

extension WebRequest {
    /// The default values of an override: the chosen shift, or the next eight hours.
    func blankOverride(of schedule: Schedule) -> FormInput {
        let window = ScheduleWindow(self, "/schedules/\(schedule.id)", zone: schedule.timeZone)
        let hour = Timestamp(seconds: (now.seconds / 3600 + 1) * 3600)
        let from = instant("override_from").map { max($0, Timestamp(seconds: now.seconds / 60 * 60)) } ?? hour
        let to = instant("override_to") ?? from + .hours(8)
        return FormInput([
            "substitute": user.id.rawValue, "away": query("away").isEmpty ? "anybody" : query("away"),
            "from": window.clock.typed(from), "to": window.clock.typed(to), "zone": window.reader.timeZone,
        ])
    }

    /// An instant in the query, in seconds since 1970. Nil if its year is out of range.
    private func instant(_ name: String) -> Timestamp? {
        Int64(query(name)).map { Timestamp(seconds: $0) }.flatMap { Timestamp.accepted.contains($0) ? $0 : nil }
    }

    /// The people who can go on call: the team first, then everyone else.
    func substitutes(of schedule: Schedule) -> [Field.Choice] {
        let team = configuration.teams[schedule.teamID]
        let all = configuration.users.values.filter { $0.isEnabled && $0.role != .viewer }
            .sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        let isMember = { (user: User) in team?.memberIDs.contains(user.id) == true }
        return all.filter(isMember).map { Field.Choice($0.id.rawValue, $0.name) }
            + all.filter { !isMember($0) }.map { Field.Choice($0.id.rawValue, "\($0.name) (not in the team)") }
            + [Field.Choice("nobody", "nobody")]
    }

    /// The people who can be replaced.
    func replaced(in schedule: Schedule) -> [Field.Choice] {
        [Field.Choice("anybody", "the person on call"), Field.Choice("addition", "nobody: in addition")]
            + choices(schedule.cast.map { ($0.rawValue, configuration.name(of: $0)) })
    }
}
