import Domain
import TestSupport

/// The people and the rules of all simulations. Delays are short, so that much happens in few minutes.
struct Cast {
    static let policies: [PolicyID] = ["policy", "second", "wide"]
    static let people = ["ada", "bob", "cleo", "dana"]
    /// The channels that show the team's incidents, by their addresses. The first one can be edited.
    static let channels: [(id: TeamChannelID, address: String)] = [
        ("edited", editedAddress), ("plain", "https://chat.example/plain"),
    ]
    static let editedAddress = "https://chat.example/edited"

    let changes: [ConfigurationChange]
    let sources: [AlertSource]

    init() {
        var team = TestTeam()
        team.tellNobody()
        team.schedule.layers[0].participants = ["ada", "bob"]
        team.methods =
            Cast.people.enumerated().map { index, name in
                ContactMethod(
                    id: ContactMethodID("sms-\(name)"), userID: UserID(name), channel: .sms,
                    address: "+38591555010\(index)", verifiedAt: Template.start)
            }
            + Cast.people.map { name in
                ContactMethod(
                    id: ContactMethodID("mail-\(name)"), userID: UserID(name), channel: .email,
                    address: "\(name)@example.com", verifiedAt: Template.start)
            }
        // Nobody is paged over Telegram, but everybody may write to the bot.
        team.methods += Cast.people.enumerated().map { index, name in
            ContactMethod(
                id: ContactMethodID("telegram-\(name)"), userID: UserID(name), channel: .telegram,
                address: Cast.chat(of: index), verifiedAt: Template.start)
        }
        team.channels = Cast.channels.map { id, address in
            TeamChannel(
                id: id, teamID: "team-ops", name: id.rawValue, channel: .webhook, address: address,
                verifiedAt: Template.start)
        }
        team.rules = Cast.people.flatMap { name in
            [
                Cast.rule(name, "sms", .high, .zero), Cast.rule(name, "mail", .high, .seconds(20)),
                Cast.rule(name, "mail", .low, .zero),
            ]
        }
        team.policy = EscalationPolicy(
            id: "policy", name: "Standard", teamID: "team-ops",
            steps: [
                .init(targets: [.schedule("schedule")], delay: .seconds(40)),
                .init(targets: [.user("cleo")], delay: .seconds(60)),
            ], repeats: 1, acknowledgementTimeout: .seconds(90))
        let second = EscalationPolicy(
            id: "second", name: "Second", teamID: "team-ops",
            steps: [.init(targets: [.user("dana")], delay: .seconds(30))], repeats: 1,
            finalAction: .notifyAdministrators)
        let wide = EscalationPolicy(
            id: "wide", name: "Wide", teamID: "team-ops",
            steps: [
                .init(targets: [.team("team-ops")], delay: .seconds(50)),
                .init(targets: [.roundRobin("team-ops"), .user("dana")], delay: .seconds(50)),
            ], repeats: 0)
        var sources: [AlertSource] = []
        for (index, policy) in Cast.policies.enumerated() {
            sources.append(
                AlertSource(
                    id: SourceID("source-\(index)"), name: "Source \(index)", teamID: "team-ops", policyID: policy,
                    reopenWindow: index == 1 ? .seconds(60) : .zero, keyHash: "hash-\(index)"))
        }
        self.sources = sources
        changes = team.changes + [.save(second), .save(wide)] + sources.map { .save($0) }
    }

    /// A person's chat with the bot.
    static func chat(of person: Int) -> String { "100\(person)" }

    private static func rule(_ user: String, _ method: String, _ urgency: Urgency, _ delay: Duration)
        -> NotificationRule
    {
        NotificationRule(
            id: NotificationRuleID("\(urgency.rawValue)-\(method)-\(user)"), userID: UserID(user), urgency: urgency,
            delay: delay, contactMethodID: ContactMethodID("\(method)-\(user)"))
    }
}
