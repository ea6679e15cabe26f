internal import Domain
internal import Formats
internal import Store

/// /api/v1/team-channels. Only callers who may configure the team see its channels, because addresses are secrets.
struct TeamChannelResource: ConfigurableResource {
    func blank(_ id: TeamChannelID, _ caller: Caller, _ configuration: Configuration) -> TeamChannel {
        TeamChannel(id: id, teamID: "", name: "", channel: .slack, address: "")
    }

    func isVisible(_ channel: TeamChannel, to caller: Caller, _ configuration: Configuration) -> Bool {
        configuration.allows(caller.user.id, .configure(channel.teamID))
    }

    /// What became of the latest post.
    func details(
        of channel: TeamChannel, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)] {
        let status = try await services.store.postStatus(of: channel.id)
        guard status.postedAt != nil || status.fault != nil else { return [] }
        let members: [(name: String, value: JSON)] = [
            ("at", status.postedAt?.json ?? .null), ("fault", status.fault.map { .string($0) } ?? .null),
        ]
        return [("last_post", .members(members))]
    }
}
