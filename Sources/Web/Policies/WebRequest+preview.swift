internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension WebRequest {
    /// The maximum number of lines of a preview, alone and next to the editor, which is already a large web page.
    private static let (previewed, previewedBesideEditor) = (15, 6)

    /// What a policy would do with the alert in the form, and the faults of the form.
    func preview(
        of policy: EscalationPolicy, _ input: FormInput, limit: Int = WebRequest.previewed
    ) async throws -> (PolicyPreview?, [FieldFault]) {
        let clock = reader.local
        guard let severity = Severity(rawValue: input["preview_severity"]) else {
            return (nil, [FieldFault("preview_severity", "Choose a severity.")])
        }
        guard let at = clock.instant(typed: input["preview_at"]) else {
            return (nil, [FieldFault("preview_at", "Write a day and a time, like 2026-03-01T03:00.")])
        }
        let forecast = configuration.forecast(
            policy: policy, severity: severity, number: try await services.directory.upcomingNumber(), at: at)
        let warnings = configuration.warnings(of: forecast, channels: services.channels)
        let entries = entries(of: forecast, from: at)
        let preview = PolicyPreview(
            input: input, severity: severity, urgency: forecast.urgency, notes: forecast.notes.map { ($0.at, $0.text) },
            entries: Array(entries.prefix(limit)), more: max(0, entries.count - limit),
            warnings: may(.administer) ? warnings : warnings.map { mask($0, forecast) })
        return (preview, [])
    }

    /// Combines pages that reach one person at the same instant.
    private func entries(of forecast: Forecast, from at: Timestamp) -> [PolicyPreview.Entry] {
        var entries: [PolicyPreview.Entry] = []
        var last: Forecast.Entry?
        for entry in forecast.entries {
            defer { last = entry }
            if let last, last.at == entry.at, last.page.userID == entry.page.userID, last.why == entry.why {
                entries[entries.count - 1].channels.append(entry.page.channel)
                continue
            }
            let delay = entry.at - at
            entries.append(
                .init(
                    at: entry.at, after: delay == .zero ? "at once" : "after \(delay.words)",
                    person: configuration.name(of: entry.page.userID), channels: [entry.page.channel], why: entry.why))
        }
        return entries
    }

    /// Removes addresses that the user may not see.
    private func mask(_ warning: String, _ forecast: Forecast) -> String {
        configuration.hidingAddresses(in: warning, of: forecast, from: user.id)
    }

    /// A new policy: first whoever is on call, then the whole team.
    func blankPolicy() -> FormInput {
        let asked = TeamID(query("team"))
        let team =
            may(.configure(asked)) && configuration.teams[asked] != nil ? asked.rawValue : ownTeams.first?.value ?? ""
        let schedule = configuration.schedules.values.filter { $0.teamID.rawValue == team }.min { $0.name < $1.name }
        var policy = EscalationPolicy(id: "", name: "", teamID: TeamID(team), steps: [])
        if let schedule { policy.steps.append(.init(targets: [.schedule(schedule.id)], delay: .minutes(5))) }
        policy.steps.append(.init(targets: [.team(policy.teamID)], delay: .minutes(10)))
        policy.finalAction = .notifyAdministrators
        return asking(PolicyForm.input(for: policy))
    }

    /// The editor with the typed values, and with a preview if the draft can be used.
    func editor(of id: PolicyID?, _ input: FormInput) async throws -> PolicyEditView {
        var shown = asking(input)
        for row in 0..<shown.rows("step-") { shown = shown.withSpares("step-\(row)-target-", 1) }
        for row in 0..<shown.rows("route-") where shown["route-\(row)-zone"].isEmpty {
            shown.values["route-\(row)-zone"] = [reader.timeZone]
        }
        let draft = PolicyForm(input, id: id ?? "draft")
        var preview: PolicyPreview?
        // A draft may lack a name and still have everything that a preview needs.
        let isUsable =
            draft.faults.isEmpty
            && configuration.faults(of: [.save(draft.policy)]).allSatisfy { $0.field == "name" }
        if isUsable {
            let (answer, faults) = try await self.preview(
                of: draft.policy, shown, limit: WebRequest.previewedBesideEditor)
            (preview, shown) = (answer, shown.with(faults))
        }
        return PolicyEditView(
            .init(
                id: id, input: shown, teams: ownTeams, targets: targets(),
                policies: choices(
                    configuration.policies.values.filter { $0.id != id }.map { ($0.id.rawValue, $0.name) }),
                preview: preview))
    }

    /// Everyone that a step can page: schedules first, then teams, then users.
    private func targets() -> [Field.Choice] {
        let choose = { (targets: [EscalationPolicy.Target]) in
            choices(targets.map { ($0.typed, configuration.name(of: $0)) }).map { choice in
                Field.Choice(choice.value, choice.label.capitalizedFirst)
            }
        }
        return [Field.Choice("", "—")] + choose(configuration.schedules.keys.map { .schedule($0) })
            + choose(configuration.teams.keys.map { .team($0) })
            + choose(configuration.teams.keys.map { .roundRobin($0) })
            + choose(configuration.users.values.filter(\.isEnabled).map { .user($0.id) })
            + choose(configuration.teamChannels.keys.map { .channel($0) })
    }
}
