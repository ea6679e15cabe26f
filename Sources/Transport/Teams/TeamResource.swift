internal import Domain

/// /api/v1/teams
struct TeamResource: ConfigurableResource {
    func blank(_ id: TeamID, _ caller: Caller, _ configuration: Configuration) -> Team { Team(id: id, name: "") }
}
