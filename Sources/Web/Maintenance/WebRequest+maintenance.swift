internal import Domain
internal import Transport

/// Converts between maintenance windows and their forms.
extension WebRequest {
    func maintenanceForm(_ kind: MaintenanceForm.Kind) -> MaintenanceForm {
        let teams = ownTeams
        let mine = Set(teams.map(\.value))
        // With several teams, a source's name alone does not identify it.
        let label = { (name: String, team: TeamID) in
            teams.count > 1 ? "\(name) (\(configuration.teams[team]?.name ?? ""))" : name
        }
        let sources =
            configuration.sources.values.filter { mine.contains($0.teamID.rawValue) }
            .map { ($0.id.rawValue, label($0.name, $0.teamID)) }
            + configuration.heartbeats.values.filter { mine.contains($0.teamID.rawValue) }
            .map { ($0.id.rawValue, label($0.name, $0.teamID)) }
        return MaintenanceForm(kind: kind, teams: teams, sources: choices(sources), timeZone: reader.timeZone)
    }

    /// The default values: one hour from now, or nothing yet for a weekly window.
    func newWindow(_ kind: MaintenanceForm.Kind) -> FormInput {
        FormInput(
            span: .once(from: now, to: now + .hours(1)), as: kind, reader.local,
            others: ["time_zone": [reader.timeZone]])
    }

    func input(of window: MaintenanceWindow, as kind: MaintenanceForm.Kind) -> FormInput {
        FormInput(
            span: window.span, as: kind, reader.local,
            others: [
                "name": [window.name], "team": [window.teamID.rawValue], "time_zone": [reader.timeZone],
                "sources": window.sources.map(\.rawValue),
                "labels": [
                    window.labels.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }.joined(separator: "\n")
                ],
            ])
    }

    /// Saves the form as the window with this id.
    ///
    /// - Returns: the kind of form, and the faults.
    func store(_ id: MaintenanceWindowID) async throws(APIProblem) -> (MaintenanceForm.Kind, [FieldFault]) {
        let kind = MaintenanceForm.Kind(rawValue: form["kind"]) ?? .once
        let team = TeamID(form["team"])
        if configuration.teams[team] != nil { try require(.configure(team)) }
        var faults: [FieldFault] = []
        let span = span(kind, &faults)
        let labels = labels(&faults)
        guard faults.isEmpty, let span else { return (kind, faults) }
        let window = MaintenanceWindow(
            id: id, name: form["name"].trimmingBlanks(), teamID: team,
            sources: Set(form.all("sources").map { SourceID($0) }), labels: labels, span: span)
        return (kind, await save(["starts_at": "from", "ends_at": "to"]) { _ in [.save(window)] })
    }

    private func span(_ kind: MaintenanceForm.Kind, _ faults: inout [FieldFault]) -> MaintenanceWindow.Span? {
        switch kind {
        case .once:
            let clock = reader.local
            let (from, to) = (clock.instant(typed: form["from"]), clock.instant(typed: form["to"]))
            if from == nil { faults.append(FieldFault("from", "Write a day and a time.")) }
            if to == nil { faults.append(FieldFault("to", "Write a day and a time.")) }
            guard let from, let to else { return nil }
            return .once(from: from, to: to)
        case .weekly:
            let (from, to) = (minuteOfDay(typed: form["from"]), minuteOfDay(typed: form["to"]))
            if from == nil { faults.append(FieldFault("from", "Write a time of day like 22:00.")) }
            if to == nil { faults.append(FieldFault("to", "Write a time of day like 02:00.")) }
            guard let from, let to else { return nil }
            return .weekly(
                .init(
                    timeZone: form["time_zone"].trimmingBlanks(),
                    weekdays: form.weekdays("weekdays"), from: from, to: to))
        }
    }

    private func labels(_ faults: inout [FieldFault]) -> [String: String] {
        var labels: [String: String] = [:]
        for line in form["labels"].split(separator: "\n") where !line.trimmingBlanks().isEmpty {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingBlanks() }
            guard parts.count == 2, !parts[0].isEmpty else {
                faults.append(FieldFault("labels", "Write one label a line, like host = db-1."))
                return [:]
            }
            labels[parts[0]] = parts[1]
        }
        return labels
    }
}

extension FormInput {
    /// The time fields of this kind of form, together with other values.
    fileprivate init(
        span: MaintenanceWindow.Span, as kind: MaintenanceForm.Kind, _ clock: LocalClock, others: [String: [String]]
    ) {
        var values = others
        switch (span, kind) {
        case (.once(let from, let to), .once): (values["from"], values["to"]) = ([clock.typed(from)], [clock.typed(to)])
        case (.weekly(let weekly), .weekly):
            values["from"] = ["\(weekly.hours.from)"]
            values["to"] = [clockWords(weekly.hours.to.minute % 1_440)]
            values["weekdays"] = weekly.hours.weekdays.sorted().map { String($0.rawValue) }
            values["time_zone"] = [weekly.timeZone]
        case (.once, .weekly), (.weekly, .once): break
        }
        self.init(values)
    }
}
