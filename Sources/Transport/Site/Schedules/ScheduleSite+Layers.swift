internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages

extension ScheduleSite {
    func addLayers(to routes: RouteTable) {
        let path = "/schedules/{id}/layers"
        routes.page(.get, "\(path)/new", .needsTeam) { visit in
            let schedule = try visit.ownSchedule()
            return visit.show(visit.layerPage(of: schedule, nil, newLayer(visit, schedule), draft: nil))
        }
        routes.page(.post, path, .needsTeam) { try await save($0, index: nil) }
        routes.page(.get, "\(path)/{layer}", .needsTeam) { visit in
            let (schedule, index) = try visit.ownLayer()
            let layer = schedule.layers[index]
            let input = LayerForm.input(for: layer).setting("known", LayerForm.fingerprint(of: layer))
            return visit.show(visit.layerPage(of: schedule, index, input.withSpares("place-"), draft: layer))
        }
        routes.page(.post, "\(path)/{layer}", .needsTeam) { try await save($0, index: $0.ownLayer().index) }
        routes.page(.post, "\(path)/{layer}/delete", .needsTeam, deleteLayer)
        routes.page(.post, "\(path)/{layer}/up", .needsTeam, moveLayer)
    }

    private func newLayer(_ visit: Visit, _ schedule: Schedule) -> FormInput {
        let today = (LocalClock(schedule.timeZone) ?? .utc).date(at: visit.now)
        var input = FormInput([
            "name": schedule.layers.isEmpty ? "Weekly" : "", "unit": "week", "count": "1", "hand_off": "09:00",
            "start": "\(today)",
        ])
        let members = roster(visit, schedule)
        for (row, person) in members.enumerated() { input.values["place-\(row)"] = [person.rawValue] }
        return input.withSpares("place-")
    }

    /// The first layer begins with the whole team.
    private func roster(_ visit: Visit, _ schedule: Schedule) -> [UserID] {
        guard schedule.layers.isEmpty, let team = visit.roster.teams[schedule.teamID], team.memberIDs.count <= 20 else {
            return []
        }
        return team.memberIDs.filter { visit.roster.isPresent($0) }
    }

    private func save(_ visit: Visit, index: Int?) async throws -> Response {
        let schedule = try visit.ownSchedule()
        let form = visit.form
        let typed = LayerForm(form)
        let place = index ?? schedule.layers.count
        if let other = reshaped(form) {
            return visit.show(visit.layerPage(of: schedule, index, other, draft: LayerForm(other).layer))
        }
        var faults = typed.faults
        if form["do"] == "preview" || !faults.isEmpty {
            faults += visit.roster.faults(of: [.saveSchedule(schedule.with(typed.layer, at: index))])
                .map { FieldFault(typed.field($0.field, ofLayer: place), $0.explanation) }
                .filter { found in !faults.contains { $0.field == found.field } }
            let page = visit.layerPage(
                of: schedule, index, form.with(faults).withSpares("place-"), draft: faults.isEmpty ? typed.layer : nil)
            return faults.isEmpty ? visit.show(page) : visit.refuse(page)
        }
        do {
            try await visit.change { roster in
                guard let schedule = roster.schedules[schedule.id] else { throw Problem.notFound("such schedule") }
                if let index { try schedule.expect(form["known"], at: index) }
                return [.saveSchedule(schedule.with(typed.layer, at: index))]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let input = form.with(faults) { typed.field($0, ofLayer: place) }.withSpares("place-")
            return visit.refuse(visit.layerPage(of: schedule, index, input, draft: nil))
        }
        return visit.go(to: "/schedules/\(schedule.id)", saying: "“\(typed.layer.name)” is saved.")
    }

    /// The form in another shape, when one of its smaller buttons was pressed.
    private func reshaped(_ form: FormInput) -> FormInput? {
        switch form.action {
        case ("places", _): return form.withSpares("place-", 5)
        case ("up", let row?): return form.movingUp("place-", row).withSpares("place-")
        case ("remove", let row?): return form.removing("hours-", row).withSpares("place-")
        case ("hours", _):
            let name = "hours-\(form.rows("hours-"))"
            var input = form.withSpares("place-")
            input.values["\(name)-days"] = ["1", "2", "3", "4", "5"]
            return input.setting("\(name)-from", "09:00").setting("\(name)-to", "17:00")
        default: return nil
        }
    }

    private func deleteLayer(_ visit: Visit) async throws -> Response {
        let (schedule, index) = try visit.ownLayer()
        let known = LayerForm.fingerprint(of: schedule.layers[index])
        try await visit.change { roster in
            guard var schedule = roster.schedules[schedule.id] else { throw Problem.notFound("such schedule") }
            try schedule.expect(known, at: index)
            schedule.layers.remove(at: index)
            return [.saveSchedule(schedule)]
        }
        return visit.go(to: "/schedules/\(schedule.id)", saying: "“\(schedule.layers[index].name)” is deleted.")
    }

    private func moveLayer(_ visit: Visit) async throws -> Response {
        let (schedule, index) = try visit.ownLayer()
        let known = LayerForm.fingerprint(of: schedule.layers[index])
        if index > 0 {
            try await visit.change { roster in
                guard var schedule = roster.schedules[schedule.id] else { throw Problem.notFound("such schedule") }
                try schedule.expect(known, at: index)
                schedule.layers.swapAt(index, index - 1)
                return [.saveSchedule(schedule)]
            }
        }
        return visit.go(to: "/schedules/\(schedule.id)", saying: "“\(schedule.layers[index].name)” is moved.")
    }
}

extension Schedule {
    /// With a layer in the place of another one, or at the end.
    fileprivate func with(_ layer: Layer, at index: Int?) -> Schedule {
        var schedule = self
        if let index, schedule.layers.indices.contains(index) {
            var layer = layer
            // Whoever is on duty stays on duty: the first place is counted on from what is stored.
            layer.firstPlace = schedule.layers[index].firstPlace
            schedule.layers[index] = layer
        } else {
            schedule.layers.append(layer)
        }
        return schedule
    }

    /// Refuses when the layer is not the one that the form was made of.
    fileprivate func expect(_ known: String, at index: Int) throws(ConfigurationFault) {
        guard layers.indices.contains(index), LayerForm.fingerprint(of: layers[index]) == known else {
            throw .invalid([FieldFault("", "Somebody changed this layer meanwhile. Go back to the schedule and look.")])
        }
    }
}

extension Visit {
    /// The layer whose place stands in the path, if the visitor may change it.
    fileprivate func ownLayer() throws -> (schedule: Schedule, index: Int) {
        let schedule = try ownSchedule()
        guard let index = Int(parameter("layer")), schedule.layers.indices.contains(index) else {
            throw Problem.notFound("such layer")
        }
        return (schedule, index)
    }

    /// - Parameter draft: drawn beside the form with the rest of the schedule; nil when it can't be.
    fileprivate func layerPage(
        of schedule: Schedule, _ index: Int?, _ input: FormInput, draft: Schedule.Layer?
    ) -> LayerPage {
        let people = roster.users.values.filter { $0.isEnabled || schedule.cast.contains($0.id) }
        let names = choices(people.map { ($0.id.rawValue, $0.isEnabled ? $0.name : "\($0.name) (disabled)") })
        let preview = draft.flatMap { layer -> ShiftCalendar? in
            let drafted = schedule.with(layer, at: index)
            guard roster.faults(of: [.saveSchedule(drafted)]).isEmpty, let clock = LocalClock(schedule.timeZone) else {
                return nil
            }
            let shown = drafted.handingOver(from: schedule, at: now)
            let today = clock.date(at: now)
            return ShiftDrawing(
                schedule: shown, roster: roster, reader: Reader(now: now, timeZone: schedule.timeZone), clock: clock,
                monday: today.adding(days: 1 - today.weekday), weeks: 2
            ).calendar
        }
        return LayerPage(
            .init(
                schedule: schedule.id, scheduleName: schedule.name, timeZone: schedule.timeZone, index: index,
                count: schedule.layers.count, input: input,
                people: [Field.Choice("", "—")] + names + [Field.Choice("nobody", "nobody")], preview: preview))
    }
}
