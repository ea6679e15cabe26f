internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension ScheduleController {
    func addLayers(to routes: RouteTable) {
        let path = "/schedules/{id}/layers"
        routes.page(.get, "\(path)/new", .needsTeam) { request in
            let schedule = try request.ownSchedule()
            return request.show(request.layerPage(of: schedule, nil, newLayer(request, schedule), draft: nil))
        }
        routes.page(.post, path, .needsTeam) { try await save($0, index: nil) }
        routes.page(.get, "\(path)/{layer}", .needsTeam) { request in
            let (schedule, index) = try request.ownLayer()
            let layer = schedule.layers[index]
            let input = LayerForm.input(for: layer).setting("known", LayerForm.fingerprint(of: layer))
            return request.show(request.layerPage(of: schedule, index, input.withSpares("place-"), draft: layer))
        }
        routes.page(.post, "\(path)/{layer}", .needsTeam) { try await save($0, index: $0.ownLayer().index) }
        routes.page(.post, "\(path)/{layer}/delete", .needsTeam, deleteLayer)
        routes.page(.post, "\(path)/{layer}/up", .needsTeam, moveLayer)
    }

    private func newLayer(_ request: WebRequest, _ schedule: Schedule) -> FormInput {
        let today = (LocalClock(schedule.timeZone) ?? .utc).date(at: request.now)
        var input = FormInput([
            "name": schedule.layers.isEmpty ? "Weekly" : "", "unit": "week", "count": "1", "hand_off": "09:00",
            "start": "\(today)",
        ])
        let members = configuration(request, schedule)
        for (row, person) in members.enumerated() { input.values["place-\(row)"] = [person.rawValue] }
        return input.withSpares("place-")
    }

    /// The default participants: the whole team for the first layer.
    private func configuration(_ request: WebRequest, _ schedule: Schedule) -> [UserID] {
        guard schedule.layers.isEmpty, let team = request.configuration.teams[schedule.teamID],
            team.memberIDs.count <= 20
        else {
            return []
        }
        return team.memberIDs.filter { request.configuration.isPresent($0) }
    }

    private func save(_ request: WebRequest, index: Int?) async throws -> Response {
        let schedule = try request.ownSchedule()
        let form = request.form
        let typed = LayerForm(form)
        let place = index ?? schedule.layers.count
        if let other = reshaped(form) {
            return request.show(request.layerPage(of: schedule, index, other, draft: LayerForm(other).layer))
        }
        var faults = typed.faults
        if form["do"] == "preview" || !faults.isEmpty {
            faults += request.configuration.faults(of: [.save(schedule.with(typed.layer, at: index))])
                .map { FieldFault(typed.field($0.field, ofLayer: place), $0.explanation) }
                .filter { found in !faults.contains { $0.field == found.field } }
            let page = request.layerPage(
                of: schedule, index, form.with(faults).withSpares("place-"), draft: faults.isEmpty ? typed.layer : nil)
            return faults.isEmpty ? request.show(page) : request.refuse(page)
        }
        do {
            try await request.change { configuration in
                guard let schedule = configuration.schedules[schedule.id] else {
                    throw APIProblem.notFound("such schedule")
                }
                if let index { try schedule.expect(form["known"], at: index) }
                return [.save(schedule.with(typed.layer, at: index))]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let input = form.with(faults) { typed.field($0, ofLayer: place) }.withSpares("place-")
            return request.refuse(request.layerPage(of: schedule, index, input, draft: nil))
        }
        return request.go(to: "/schedules/\(schedule.id)", saying: "“\(typed.layer.name)” is saved.")
    }

    /// The changed form if one of its smaller buttons was pressed.
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

    private func deleteLayer(_ request: WebRequest) async throws -> Response {
        let (schedule, index) = try request.ownLayer()
        let known = LayerForm.fingerprint(of: schedule.layers[index])
        try await request.change { configuration in
            guard var schedule = configuration.schedules[schedule.id] else {
                throw APIProblem.notFound("such schedule")
            }
            try schedule.expect(known, at: index)
            schedule.layers.remove(at: index)
            return [.save(schedule)]
        }
        return request.go(to: "/schedules/\(schedule.id)", saying: "“\(schedule.layers[index].name)” is deleted.")
    }

    private func moveLayer(_ request: WebRequest) async throws -> Response {
        let (schedule, index) = try request.ownLayer()
        let known = LayerForm.fingerprint(of: schedule.layers[index])
        if index > 0 {
            try await request.change { configuration in
                guard var schedule = configuration.schedules[schedule.id] else {
                    throw APIProblem.notFound("such schedule")
                }
                try schedule.expect(known, at: index)
                schedule.layers.swapAt(index, index - 1)
                return [.save(schedule)]
            }
        }
        return request.go(to: "/schedules/\(schedule.id)", saying: "“\(schedule.layers[index].name)” is moved.")
    }
}

extension Schedule {
    /// Replaces the layer at an index, or appends the layer.
    fileprivate func with(_ layer: Layer, at index: Int?) -> Schedule {
        var schedule = self
        if let index, schedule.layers.indices.contains(index) {
            var layer = layer
            // The rotation continues from the stored first place, so that the people on call stay on call.
            layer.firstPlace = schedule.layers[index].firstPlace
            schedule.layers[index] = layer
        } else {
            schedule.layers.append(layer)
        }
        return schedule
    }

    /// Throws if the layer has changed since the form was shown.
    fileprivate func expect(_ known: String, at index: Int) throws(ConfigurationFault) {
        guard layers.indices.contains(index), LayerForm.fingerprint(of: layers[index]) == known else {
            throw .invalid([
                FieldFault(
                    "", "Somebody else changed this layer in the meantime. Go back to the schedule and check it.")
            ])
        }
    }
}

extension WebRequest {
    /// The layer with the index in the path, if the user may change it.
    fileprivate func ownLayer() throws -> (schedule: Schedule, index: Int) {
        let schedule = try ownSchedule()
        guard let index = Int(parameter("layer")), schedule.layers.indices.contains(index) else {
            throw APIProblem.notFound("such layer")
        }
        return (schedule, index)
    }

    /// - Parameter draft: shown in a preview with the rest of the schedule; nil if it is not valid.
    fileprivate func layerPage(
        of schedule: Schedule, _ index: Int?, _ input: FormInput, draft: Schedule.Layer?
    ) -> LayerView {
        let people = configuration.users.values.filter { $0.isEnabled || schedule.cast.contains($0.id) }
        let names = choices(people.map { ($0.id.rawValue, $0.isEnabled ? $0.name : "\($0.name) (disabled)") })
        let preview = draft.flatMap { layer -> ShiftCalendar? in
            let drafted = schedule.with(layer, at: index)
            guard configuration.faults(of: [.save(drafted)]).isEmpty, let clock = LocalClock(schedule.timeZone)
            else {
                return nil
            }
            let shown = drafted.handingOver(from: schedule, at: now)
            let today = clock.date(at: now)
            return ShiftDrawing(
                schedule: shown, configuration: configuration,
                reader: Reader(now: now, timeZone: schedule.timeZone, form: reader.form),
                clock: clock,
                monday: today.adding(days: 1 - today.weekday), weeks: 2
            ).calendar
        }
        let changes = draft.flatMap { layer -> ShiftChangeList? in
            let drafted = schedule.with(layer, at: index)
            return configuration.faults(of: [.save(drafted)]).isEmpty
                ? shiftChanges(of: schedule, to: drafted) : nil
        }
        var without = schedule
        if let index { without.layers.remove(at: index) }
        return LayerView(
            .init(
                schedule: schedule.id, scheduleName: schedule.name, timeZone: schedule.timeZone, index: index,
                count: schedule.layers.count, input: input,
                people: [Field.Choice("", "—")] + names + [Field.Choice("nobody", "nobody")], preview: preview,
                changes: changes, deletion: index == nil ? nil : shiftChanges(of: schedule, to: without).sentence))
    }
}
