internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages

/// /teams: who belongs together.
struct TeamSite: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/teams", .needs(.read), list)
        routes.page(.get, "/teams/new", .needs(.administer)) { visit in
            visit.show(visit.teamForm(nil, FormInput().withSpares("member-", 3)))
        }
        routes.page(.post, "/teams", .needs(.administer)) { try await save($0, nil) }
        routes.page(.get, "/teams/{id}", .needs(.read)) { visit in
            visit.show(TeamPage(visit.model(of: try visit.team())))
        }
        routes.page(.get, "/teams/{id}/edit", .needsTeam, edit)
        routes.page(.post, "/teams/{id}", .needsTeam) { try await save($0, $0.ownTeam()) }
        routes.page(.post, "/teams/{id}/delete", .needs(.administer), delete)
    }

    private func list(_ visit: Visit) -> Response {
        let rows = visit.roster.teams.values.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
            .map { team in
                let model = visit.model(of: team)
                return TeamListPage.Row(
                    name: team.name, path: "/teams/\(team.id)", members: model.members.map(\.name),
                    duties: model.duties, policy: model.policy)
            }
        return visit.show(TeamListPage(rows: rows, mayCreate: visit.may(.administer)))
    }

    private func edit(_ visit: Visit) throws -> Response {
        let team = try visit.ownTeam()
        var input = FormInput(["name": team.name, "default_policy_id": team.defaultPolicyID?.rawValue ?? ""])
        for (row, member) in team.memberIDs.enumerated() { input.values["member-\(row)"] = [member.rawValue] }
        return visit.show(visit.teamForm(team, input.withSpares("member-")))
    }

    private func save(_ visit: Visit, _ old: Team?) async throws -> Response {
        let form = visit.form
        switch form.action {
        case ("members", _): return visit.show(visit.teamForm(old, form.withSpares("member-", 5)))
        case ("up", let row?):
            return visit.show(visit.teamForm(old, form.movingUp("member-", row).withSpares("member-")))
        default: break
        }
        let rows = (0..<form.rows("member-")).filter { !form["member-\($0)"].isEmpty }
        let id = old?.id ?? services.configurator.identifiers.next()
        do {
            try await visit.change { roster in
                var team = old.flatMap { roster.teams[$0.id] } ?? Team(id: id, name: "")
                team.name = form["name"].trimmingBlanks()
                team.memberIDs = rows.map { UserID(form["member-\($0)"]) }
                let policy = form["default_policy_id"]
                if old != nil { team.defaultPolicyID = policy.isEmpty ? nil : PolicyID(policy) }
                return [.saveTeam(team)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let input = form.with(faults) { field in
                let number = field.firstMatch(of: /^member_ids\[(\d+)\]/).flatMap { Int($0.1) }
                return number.flatMap { rows.indices.contains($0) ? "member-\(rows[$0])" : nil } ?? field
            }
            return visit.refuse(visit.teamForm(old, input.withSpares("member-")))
        }
        return visit.go(to: "/teams/\(id)", saying: "Saved.")
    }

    private func delete(_ visit: Visit) async throws -> Response {
        let team = try visit.team()
        return try await visit.delete(
            from: "/teams/\(team.id)", to: "/teams", saying: "“\(team.name)” is deleted."
        ) { roster in
            let reasons = roster.reasonsToKeep(team: team.id)
            guard reasons.isEmpty else { throw ConfigurationFault.inUse(reasons) }
            return [.deleteTeam(team.id)]
        }
    }
}

extension Visit {
    /// The team whose id stands in the path.
    fileprivate func team() throws(Problem) -> Team {
        guard let team = roster.teams[TeamID(parameter("id"))] else { throw Problem.notFound("such team") }
        return team
    }

    /// The same, if the visitor may change it.
    fileprivate func ownTeam() throws(Problem) -> Team {
        let team = try team()
        try require(.configure(team.id))
        return team
    }

    fileprivate func teamForm(_ team: Team?, _ input: FormInput) -> TeamFormPage {
        let policies = roster.policies.values.filter { $0.teamID == team?.id }
        return TeamFormPage(
            id: team?.id, people: [Field.Choice("", "—")] + people(besides: team?.memberIDs ?? []),
            policies: [Field.Choice("", "none: everybody of the team is paged")]
                + choices(policies.map { ($0.id.rawValue, $0.name) }), input)
    }

    /// Everybody who is enabled, and these.
    func people(besides kept: [UserID]) -> [Field.Choice] {
        choices(
            roster.users.values.filter { $0.isEnabled || kept.contains($0.id) }
                .map { ($0.id.rawValue, $0.isEnabled ? $0.name : "\($0.name) (disabled)") })
    }

    fileprivate func model(of team: Team) -> TeamPage.Model {
        let schedules = roster.schedules.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let policies = roster.policies.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let sources = roster.sources.values.filter { $0.teamID == team.id }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let link = { (policy: EscalationPolicy) -> TeamPage.Link in (policy.name, "/escalation-policies/\(policy.id)") }
        return TeamPage.Model(
            id: team.id, name: team.name,
            members: team.memberIDs.compactMap { roster.users[$0] }.map {
                TeamPage.Member(name: $0.name, path: "/users/\($0.id)", role: $0.role, isEnabled: $0.isEnabled)
            },
            policy: team.defaultPolicyID.flatMap { roster.policies[$0] }.map(link),
            duties: schedules.map { duty(in: $0, at: now) }, policies: policies.map(link),
            sources: sources.map { ($0.name, "/alert-sources/\($0.id)") }, mayConfigure: may(.configure(team.id)),
            mayDelete: may(.administer))
    }
}
