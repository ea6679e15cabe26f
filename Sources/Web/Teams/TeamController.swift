internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// /teams: the teams and their members.
struct TeamController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/teams", .needs(.read), list)
        routes.page(.get, "/teams/new", .needs(.administer)) { request in
            request.show(request.teamForm(nil, FormInput().withSpares("member-", 3)))
        }
        routes.page(.post, "/teams", .needs(.administer)) { try await save($0, nil) }
        routes.page(.get, "/teams/{id}", .needs(.read)) { request in
            request.show(TeamView(request.model(of: try request.find(Team.self))))
        }
        routes.page(.get, "/teams/{id}/edit", .needsTeam, edit)
        routes.page(.post, "/teams/{id}", .needsTeam) { try await save($0, $0.findOwn(Team.self)) }
        routes.page(.post, "/teams/{id}/delete", .needs(.administer)) {
            try await $0.delete(Team.self, at: "/teams", named: \.name)
        }
    }

    private func list(_ request: WebRequest) -> Response {
        let rows = request.all(Team.self, by: \.name).map { team in
            let model = request.model(of: team)
            return TeamListView.Row(
                name: team.name, path: "/teams/\(team.id)", members: model.members.map(\.name),
                duties: model.duties, policy: model.policy)
        }
        return request.show(TeamListView(rows: rows, mayCreate: request.may(.administer)))
    }

    private func edit(_ request: WebRequest) throws -> Response {
        let team = try request.findOwn(Team.self)
        return request.show(request.teamForm(team, stored(team).asSeen().withSpares("member-")))
    }

    private func stored(_ team: Team) -> FormInput {
        var input = FormInput(["name": team.name, "default_policy_id": team.defaultPolicyID?.rawValue ?? ""])
        for (row, member) in team.memberIDs.enumerated() { input.values["member-\(row)"] = [member.rawValue] }
        return input
    }

    private func save(_ request: WebRequest, _ old: Team?) async throws -> Response {
        let form = request.form
        switch form.action {
        case ("members", _): return request.show(request.teamForm(old, form.withSpares("member-", 5)))
        case ("up", let row?):
            return request.show(request.teamForm(old, form.movingUp("member-", row).withSpares("member-")))
        case ("remove", let row?):
            return request.show(request.teamForm(old, form.removing("member-", row).withSpares("member-")))
        default: break
        }
        let rows = (0..<form.rows("member-")).filter { !form["member-\($0)"].isEmpty }
        let id = old?.id ?? services.configurator.identifiers.next()
        do {
            try await request.change { configuration in
                if let team = old.flatMap({ configuration.teams[$0.id] }) {
                    try form.expect(stored(team), labels: [("name", "Name")])
                }
                var team = old.flatMap { configuration.teams[$0.id] } ?? Team(id: id, name: "")
                team.name = form["name"].trimmingBlanks()
                team.memberIDs = rows.map { UserID(form["member-\($0)"]) }
                let policy = form["default_policy_id"]
                if old != nil { team.defaultPolicyID = policy.isEmpty ? nil : PolicyID(policy) }
                return [.save(team)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let input = form.with(faults) { field in
                let number = field.firstMatch(of: /^member_ids\[(\d+)\]/).flatMap { Int($0.1) }
                return number.flatMap { rows.indices.contains($0) ? "member-\(rows[$0])" : nil } ?? field
            }
            return request.refuse(request.teamForm(old, input.withSpares("member-")))
        }
        return request.go(to: "/teams/\(id)", saying: "Saved.")
    }
}

extension WebRequest {
    fileprivate func teamForm(_ team: Team?, _ input: FormInput) -> TeamFormView {
        let policies = configuration.policies.values.filter { $0.teamID == team?.id }
        return TeamFormView(
            id: team?.id, people: [Field.Choice("", "—")] + people(besides: team?.memberIDs ?? []),
            policies: [Field.Choice("", "none: everybody of the team is paged")]
                + choices(policies.map { ($0.id.rawValue, $0.name) }), input)
    }

    /// All enabled users, and the given ones.
    func people(besides kept: [UserID]) -> [Field.Choice] {
        choices(
            configuration.users.values.filter { $0.isEnabled || kept.contains($0.id) }
                .map { ($0.id.rawValue, $0.isEnabled ? $0.name : "\($0.name) (disabled)") })
    }

    fileprivate func model(of team: Team) -> TeamView.Model {
        let schedules = configuration.schedules.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let policies = configuration.policies.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let sources = configuration.sources.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let link = { (policy: EscalationPolicy) -> TeamView.Link in (policy.name, "/escalation-policies/\(policy.id)") }
        return TeamView.Model(
            id: team.id, name: team.name,
            members: team.memberIDs.compactMap { configuration.users[$0] }.map {
                TeamView.Member(name: $0.name, path: "/users/\($0.id)", role: $0.role, isEnabled: $0.isEnabled)
            },
            policy: team.defaultPolicyID.flatMap { configuration.policies[$0] }.map(link),
            duties: schedules.map { duty(in: $0, at: now) }, policies: policies.map(link),
            sources: sources.map { ($0.name, "/alert-sources/\($0.id)") },
            channels: configuration.channels(of: team.id), mayConfigure: may(.configure(team.id)),
            mayDelete: may(.administer))
    }
}
