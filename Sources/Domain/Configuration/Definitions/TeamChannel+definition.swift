internal import Formats

extension TeamChannel: Configurable {
    package static let definition = ConfigurableDefinition<TeamChannel>(
        .teamChannel, noun: "team channel", path: "team-channels", values: \.teamChannels, team: { $0.teamID },
        deletion: { (channel, configuration) throws(ConfigurationFault) in
            let reasons = configuration.reasonsToKeep(channel: channel.id)
            guard reasons.isEmpty else { throw .inUse(reasons) }
            return [.delete(.teamChannel(channel.id))]
        },
        fields: [
            .name(\.name, hint: "Like the channel's, such as #ops.", isUnique: true),
            .team(\.teamID, hint: "Who reads it."),
            addressField, .body(\.body) { $0.channel },
            .plain(
                "follows", \.follows,
                FieldControl(
                    "follows", "Show each incident of the team",
                    hint: "Otherwise only the steps of escalation policies that name it post to it.", isFirst: true,
                    .flag), typedAs: .flag),
            .plain("is_enabled", \.isEnabled, FieldControl("is_enabled", "Enabled", .flag), typedAs: .flag),
            verifiedField,
        ])

    /// The channel and the address are read together. A new address must be verified again.
    private static let addressField = ConfigurableField<TeamChannel>(
        [
            FieldPart(
                "channel", isRequired: true, schema: Channel.schema,
                FieldControl("channel", "Kind", isRequired: true, isFirst: true, .teamChannelKind)),
            FieldPart(
                "address", isRequired: true, schema: String.schema,
                FieldControl(
                    "address", "Address",
                    hint: "A webhook's address, a channel's id, a topic or a mailing list. It is a secret.",
                    isRequired: true, isFirst: true, .text(maximum: 1_000))),
        ],
        read: { reader, channel, _ in
            let before = channel
            reader.read("channel", into: &channel.channel)
            reader.read("address", into: &channel.address)
            channel.address = channel.channel.definition.address.normalized(channel.address)
            if channel.address != before.address || channel.channel != before.channel { channel.verifiedAt = nil }
        },
        show: { channel, _ in [("channel", channel.channel.json), ("address", .string(channel.address))] },
        typed: { ["channel": [$0.channel.rawValue], "address": [$0.address]] },
        check: { channel, check in
            let kinds = TeamChannel.kinds.map(\.rawValue).joined(separator: ", ")
            check.expect(channel.channel.servesTeams, "channel", "A team reads one of \(kinds).")
            if let fault = channel.channel.definition.address.fault(in: channel.address) {
                check.fault("address", fault)
            }
            let others = check.after.channels(of: channel.teamID).filter { $0.id != channel.id }
            check.expect(
                !others.contains { $0.channel == channel.channel && $0.address == channel.address }, "address",
                "The team has this \(channel.channel.name) address already.")
            check.expect(
                others.count < ConfigurationLimits.teamChannels, "team_id",
                "A team has at most \(ConfigurationLimits.teamChannels) channels.")
        })

    private static let verifiedField = ConfigurableField<TeamChannel>(
        [], read: { reader, _, _ in reader.ignore(["verified_at", "last_post"]) },
        show: { channel, _ in [("verified_at", channel.verifiedAt?.json ?? .null)] })
}
