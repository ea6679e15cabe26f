internal import Domain

/// /api/v1/teams
struct TeamResource: ConfigurableResource {
    func blank(_ id: TeamID, _ caller: Caller, _ configuration: Configuration) -> Team { Team(id: id, name: "") }

    func isVisible(_ team: Team, to caller: Caller, _ configuration: Configuration) -> Bool { caller.sees(team.id) }
}
