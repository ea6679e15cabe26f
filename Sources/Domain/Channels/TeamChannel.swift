/// A place where a team reads: a channel of a chat, a topic, a webhook or a mailing list.
///
/// A post to it never counts as a person reached.
package struct TeamChannel: Sendable, Hashable, Identifiable {
    package let id: TeamChannelID
    package var teamID: TeamID
    /// What people call it: `#ops`.
    package var name: String
    package var channel: Channel
    /// The address is a secret: who has it can read or write there.
    package var address: String
    /// Whether each incident of the team is shown there. Otherwise only the steps of policies that name it post to it.
    package var follows: Bool
    package var isEnabled: Bool
    /// When somebody of the team entered the code that was posted there. Nothing about incidents is posted before.
    package var verifiedAt: Timestamp?
    /// What a webhook gets. Empty for other channels.
    package var body: BodyTemplate

    package init(
        id: TeamChannelID, teamID: TeamID, name: String, channel: Channel, address: String, follows: Bool = true,
        isEnabled: Bool = true, verifiedAt: Timestamp? = nil, body: BodyTemplate = BodyTemplate()
    ) {
        self.id = id
        self.teamID = teamID
        self.name = name
        self.channel = channel
        self.address = address
        self.follows = follows
        self.isEnabled = isEnabled
        self.verifiedAt = verifiedAt
        self.body = body
    }

    /// Whether incidents may be posted there.
    package var isUsable: Bool { isEnabled && verifiedAt != nil }

    /// The address without what makes it a secret, for people who may not change it and for the audit log.
    package var maskedAddress: String { masked(address) }

    /// The channels that teams read, in the order in which forms list them.
    package static let kinds = Channel.allCases.filter(\.servesTeams)
}

extension Channel {
    /// Whether a team can read it together.
    package var servesTeams: Bool {
        switch self {
        case .email, .webhook, .ntfy, .gotify, .telegram, .slack, .teams, .mattermost, .discord, .matrix: true
        // They reach one person.
        case .sms, .whatsapp, .voice, .pushover, .webpush: false
        }
    }
}

extension Configuration {
    /// A team's channels, by name.
    package func channels(of team: TeamID) -> [TeamChannel] {
        teamChannels.values.filter { $0.teamID == team }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
    }

    /// The channels that show each incident of a team.
    func followers(of team: TeamID) -> [TeamChannelID] {
        teamChannels.values.filter { $0.teamID == team && $0.follows && $0.isUsable }.map(\.id).sorted()
    }

    /// Returns why nothing can be posted to a channel, or nil when it can.
    package func reasonNotToPost(to id: TeamChannelID) -> String? {
        guard let channel = teamChannels[id] else { return "the channel was deleted" }
        if !channel.isEnabled { return "the channel \(channel.name) is disabled" }
        return channel.verifiedAt == nil ? "the channel \(channel.name) is not verified" : nil
    }

    /// Returns the reasons why a channel cannot be deleted.
    package func reasonsToKeep(channel id: TeamChannelID) -> [String] {
        policies.values.filter { $0.targets.contains(.channel(id)) }
            .map { "The escalation policy “\($0.name)” posts to it. Change it first." }.sorted()
    }
}
