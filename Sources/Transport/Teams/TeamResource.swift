internal import Domain
internal import Formats
internal import Integrations

/// /api/v1/teams
struct TeamResource: Resource {
    static let path = "teams"
    static let noun = "team"
    static let door = Access.needsTeam

    struct Answer: Encodable {
        struct Member: Encodable { let id, name: String }

        let id, name: String
        let memberIds: [String]
        let members: [Member]
        let defaultPolicyId: String?
    }

    func all(_ configuration: Configuration, _ query: Query) throws -> [Team] { Array(configuration.teams.values) }

    func blank(_ id: TeamID, _ caller: Caller, _ configuration: Configuration) -> Team { Team(id: id, name: "") }

    func read(_ reader: inout FieldReader, into team: inout Team, isNew: Bool, _ configuration: Configuration) throws {
        reader.read("name", into: &team.name)
        reader.ids("member_ids", into: &team.memberIDs)
        reader.read("default_policy_id", into: &team.defaultPolicyID)
        reader.ignore("id", "members")
        if isNew { reader.require("name") }
    }

    func permissions(from old: Team?, to new: Team?, _ configuration: Configuration) -> [Permission] {
        guard let old, new != nil else { return [.administer] }
        return [.configure(old.id)]
    }

    func saving(_ team: Team, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange] {
        [.saveTeam(team)]
    }

    func deleting(_ team: Team, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange] {
        let reasons = configuration.reasonsToKeep(team: team.id)
        guard reasons.isEmpty else { throw .inUse(reasons) }
        return [.deleteTeam(team.id)]
    }

    func answer(_ team: Team, _ configuration: Configuration, _ services: Services) -> Answer {
        Answer(
            id: team.id.rawValue, name: team.name, memberIds: team.memberIDs.map(\.rawValue),
            members: team.memberIDs.map { .init(id: $0.rawValue, name: configuration.name(of: $0)) },
            defaultPolicyId: team.defaultPolicyID?.rawValue)
    }
}

extension FieldReader {
    /// A list of ids.
    mutating func ids<Entity>(_ name: String, into field: inout [ID<Entity>]) {
        guard let value = raw(name) else { return }
        let ids = value.array?.compactMap { ID<Entity>(json: $0) }
        guard let ids, ids.count == value.array?.count else { return fault(name, "A list of ids was expected.") }
        field = ids
    }
}
