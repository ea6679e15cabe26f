internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// /escalation-policies: policies in sentences, and their editor.
struct PolicyController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/escalation-policies"
        routes.page(.get, path, .needs(.read), list)
        routes.page(.get, "\(path)/new", .needsTeam) { request in
            request.show(try await request.editor(of: nil, request.blankPolicy()))
        }
        routes.page(.post, path, .needsTeam) { try await save($0, nil) }
        routes.page(.get, "\(path)/{id}", .needs(.read), show)
        routes.page(.get, "\(path)/{id}/edit", .needsTeam) { request in
            let policy = try request.ownPolicy()
            return request.show(
                try await request.editor(of: policy.id, request.asking(PolicyForm.input(for: policy).asSeen())))
        }
        routes.page(.post, "\(path)/{id}", .needsTeam) { try await save($0, $0.ownPolicy()) }
        routes.page(.post, "\(path)/{id}/delete", .needsTeam) {
            try await $0.delete(EscalationPolicy.self, at: "/escalation-policies", named: \.name)
        }
    }

    private func list(_ request: WebRequest) -> Response {
        let configuration = request.configuration
        let rows = request.all(EscalationPolicy.self, by: \.name).map { policy in
            PolicyListView.Row(
                name: policy.name, path: "/escalation-policies/\(policy.id)",
                team: configuration.teams[policy.teamID]?.name ?? "",
                steps: policy.steps.map { step in
                    step.targets.map { configuration.name(of: $0) }.joined(separator: ", ")
                }, users: request.users(of: policy).map(\.name))
        }
        return request.show(PolicyListView(rows: rows, mayCreate: !request.ownTeams.isEmpty))
    }

    private func show(_ request: WebRequest) async throws -> Response {
        let policy = try request.policy()
        var input = FormInput()
        for name in ["preview_severity", "preview_at"] { input.values[name] = [request.query(name)] }
        let model = try await request.model(of: policy, request.asking(input))
        return model.preview == nil ? request.refuse(PolicyView(model)) : request.show(PolicyView(model))
    }

    /// Saves the policy, or shows the editor again: reshaped, with a preview, or with faults.
    private func save(_ request: WebRequest, _ old: EscalationPolicy?) async throws -> Response {
        if let other = reshaped(request.form) { return request.show(try await request.editor(of: old?.id, other)) }
        let id = old?.id ?? services.configurator.identifiers.next()
        let typed = PolicyForm(request.form, id: id)
        if request.form["do"] == "preview" || !typed.faults.isEmpty {
            let more = request.configuration.faults(of: [.save(typed.policy)])
                .map { FieldFault(typed.field($0.field), $0.explanation) }
                .filter { found in !typed.faults.contains { $0.field == found.field } }
            let page = try await request.editor(of: old?.id, request.form.with(typed.faults + more))
            return typed.faults.isEmpty && more.isEmpty ? request.show(page) : request.refuse(page)
        }
        do {
            try await request.change { configuration in
                if let old {
                    guard let stored = configuration.policies[old.id] else {
                        throw APIProblem.notFound("such escalation policy")
                    }
                    try request.require(.configure(stored.teamID))
                    try request.form.expect(PolicyForm.input(for: stored), labels: PolicyForm.labels)
                }
                guard configuration.teams[typed.policy.teamID] != nil else {
                    throw ConfigurationFault.invalid([FieldFault("team_id", "Choose a team.")])
                }
                try request.require(.configure(typed.policy.teamID))
                return [.save(typed.policy)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            return request.refuse(
                try await request.editor(of: old?.id, request.form.with(faults, renaming: typed.field)))
        }
        return request.go(to: "/escalation-policies/\(id)", saying: "Saved.")
    }

    /// The changed fields if one of the editor's smaller buttons was pressed.
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
