internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages

/// /escalation-policies: in sentences, and their editor.
struct PolicySite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/escalation-policies"
        routes.page(.get, path, .needs(.read), list)
        routes.page(.get, "\(path)/new", .needsTeam) { visit in
            visit.show(try await visit.editor(of: nil, visit.blankPolicy()))
        }
        routes.page(.post, path, .needsTeam) { try await save($0, nil) }
        routes.page(.get, "\(path)/{id}", .needs(.read), show)
        routes.page(.get, "\(path)/{id}/edit", .needsTeam) { visit in
            let policy = try visit.ownPolicy()
            return visit.show(try await visit.editor(of: policy.id, visit.asking(PolicyForm.input(for: policy))))
        }
        routes.page(.post, "\(path)/{id}", .needsTeam) { try await save($0, $0.ownPolicy()) }
        routes.page(.post, "\(path)/{id}/delete", .needsTeam) { visit in
            let policy = try visit.ownPolicy()
            return try await visit.delete(
                from: "/escalation-policies/\(policy.id)", to: "/escalation-policies",
                saying: "“\(policy.name)” is deleted."
            ) { $0.deletion(of: policy.id) }
        }
    }

    private func list(_ visit: Visit) -> Response {
        let roster = visit.roster
        let rows = roster.policies.values.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
            .map { policy in
                PolicyListPage.Row(
                    name: policy.name, path: "/escalation-policies/\(policy.id)",
                    team: roster.teams[policy.teamID]?.name ?? "",
                    steps: policy.steps.map { step in
                        step.targets.map { roster.name(of: $0) }.joined(separator: ", ")
                    }, users: visit.users(of: policy).map(\.name))
            }
        return visit.show(PolicyListPage(rows: rows, mayCreate: !visit.ownTeams.isEmpty))
    }

    private func show(_ visit: Visit) async throws -> Response {
        let policy = try visit.policy()
        var input = FormInput()
        for name in ["preview_severity", "preview_at"] { input.values[name] = [visit.query(name)] }
        let model = try await visit.model(of: policy, visit.asking(input))
        return model.preview == nil ? visit.refuse(PolicyPage(model)) : visit.show(PolicyPage(model))
    }

    /// Saves the policy, or shows the editor again in another shape, with a preview, or with what is wrong.
    private func save(_ visit: Visit, _ old: EscalationPolicy?) async throws -> Response {
        if let other = reshaped(visit.form) { return visit.show(try await visit.editor(of: old?.id, other)) }
        let id = old?.id ?? services.configurator.identifiers.next()
        let typed = PolicyForm(visit.form, id: id)
        if visit.form["do"] == "preview" || !typed.faults.isEmpty {
            let more = visit.roster.faults(of: [.savePolicy(typed.policy)])
                .map { FieldFault(typed.field($0.field), $0.explanation) }
                .filter { found in !typed.faults.contains { $0.field == found.field } }
            let page = try await visit.editor(of: old?.id, visit.form.with(typed.faults + more))
            return typed.faults.isEmpty && more.isEmpty ? visit.show(page) : visit.refuse(page)
        }
        do {
            try await visit.change { roster in
                if let old {
                    guard let stored = roster.policies[old.id] else { throw Problem.notFound("such escalation policy") }
                    try visit.require(.configure(stored.teamID))
                }
                guard roster.teams[typed.policy.teamID] != nil else {
                    throw ConfigurationFault.invalid([FieldFault("team_id", "Choose a team.")])
                }
                try visit.require(.configure(typed.policy.teamID))
                return [.savePolicy(typed.policy)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            return visit.refuse(
                try await visit.editor(of: old?.id, visit.form.with(faults, renaming: typed.field)))
        }
        return visit.go(to: "/escalation-policies/\(id)", saying: "Saved.")
    }

    /// The editor's fields when one of its smaller buttons was pressed.
    private func reshaped(_ form: FormInput) -> FormInput? {
        switch form.action {
        case ("add-step", _):
            let row = form.rows("step-")
            guard row < EscalationPolicy.Limits.steps else {
                let words = "A policy has at most \(EscalationPolicy.Limits.steps) steps."
                return form.with([FieldFault("steps", words)])
            }
            return form.setting("step-\(row)-delay", "5").setting("step-\(row)-unit", "min")
        case ("up", let row?): return form.movingUp("step-", row)
        case ("remove", let row?): return form.removing("step-", row)
        case ("more", let row?): return form.withSpares("step-\(row)-target-", 4)
        case ("add-route", _):
            return form.setting("route-\(form.rows("route-"))-policy", "")
        case ("drop", let row?): return form.removing("route-", row)
        default: return nil
        }
    }
}
