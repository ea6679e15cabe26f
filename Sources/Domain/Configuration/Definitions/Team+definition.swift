package import Formats

extension Team: Configurable {
    package static let definition = ConfigurableDefinition<Team>(
        .team, noun: "team", path: "teams", values: \.teams,
        permissions: { old, new in
            guard let old, new != nil else { return [.administer] }
            return [.configure(old.id)]
        },
        deletion: { (team, configuration) throws(ConfigurationFault) in
            let reasons = configuration.reasonsToKeep(team: team.id)
            guard reasons.isEmpty else { throw .inUse(reasons) }
            return configuration.channels(of: team.id).map { .delete(.teamChannel($0.id)) } + [.delete(.team(team.id))]
        },
        fields: [
            .name(\.name, isUnique: true),
            membersField,
            .policy("default_policy_id", \.defaultPolicyID, of: \.id, nil),
        ])

    private static let membersField = ConfigurableField<Team>(
        [FieldPart("member_ids", schema: .schema(listOf: UserID.schema))],
        read: { reader, team, _ in
            reader.ids("member_ids", into: &team.memberIDs)
            reader.ignore(["members"])
        },
        show: { team, configuration in
            [
                ("member_ids", .array(team.memberIDs.map(\.json))),
                ("members", .array(team.memberIDs.map { .reference($0.rawValue, configuration.name(of: $0)) })),
            ]
        },
        check: { team, check in
            check.expect(
                team.memberIDs.count <= ConfigurationLimits.members, "member_ids",
                "A team has at most \(ConfigurationLimits.members) members.")
            check.expect(Set(team.memberIDs).count == team.memberIDs.count, "member_ids", "Somebody is named twice.")
            for (index, member) in team.memberIDs.enumerated() where check.after.users[member] == nil {
                check.fault("member_ids[\(index)]", "There is no user “\(member)”.")
            }
        })
}

extension JSON {
    /// Returns an object with an id and a name.
    package static func reference(_ id: String, _ name: String) -> JSON {
        .members([("id", .string(id)), ("name", .string(name))])
    }

    /// Returns an object of these members, without nulls.
    package static func members(_ members: [(name: String, value: JSON)]) -> JSON {
        var object = JSONObject()
        for (name, value) in members where value != .null { object[name] = value }
        return .object(object)
    }
}
