import Domain
import TestSupport
import Testing

@Suite struct TeamChannelTests {
    private static let ops = TeamChannel(
        id: "ops", teamID: "team-ops", name: "#ops", channel: .slack, address: "C024BE91L",
        verifiedAt: TestTeam.start)
    private static let storage = TeamChannel(
        id: "storage", teamID: "team-other", name: "#storage", channel: .slack, address: "C024BE91M",
        verifiedAt: TestTeam.start)

    private func configuration(
        _ channels: [TeamChannel] = [ops], _ steps: [EscalationPolicy.Step]? = nil
    ) -> Configuration {
        var team = TestTeam()
        if let steps { team.policy.steps = steps }
        var configuration = team.configuration
        configuration.teamChannels = Dictionary(uniqueKeysWithValues: channels.map { ($0.id, $0) })
        return configuration
    }

    private func open(_ configuration: Configuration, key: String = "disk") -> Transition {
        let team = TestTeam()
        return Incident.open(
            id: "incident", event: team.event(key: key), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: TestTeam.start, configuration: configuration)
    }

    @Test func `a channel that follows shows each incident of its own team`() {
        var quiet = Self.ops
        quiet.follows = false
        var unverified = Self.ops
        unverified.verifiedAt = nil
        #expect(open(configuration([Self.ops, Self.storage])).posts.opening == ["ops"])
        #expect(open(configuration([quiet])).posts.isEmpty)
        #expect(open(configuration([unverified])).posts.isEmpty)
    }

    @Test func `posts change with the state and not with each alert`() throws {
        let configuration = configuration()
        let team = TestTeam()
        let incident = open(configuration).incident
        let again = try incident.decide(
            .receive(team.event()), by: .system, at: TestTeam.start + .seconds(1), configuration: configuration)
        #expect(again.posts.isEmpty)
        for command in [Command.acknowledge, .resolve, .escalate] {
            let next = try incident.decide(
                command, by: .user(team.users[0]), at: TestTeam.start + .seconds(1), configuration: configuration)
            #expect(next.posts.areOutdated, "\(command)")
        }
    }

    @Test func `a step that only posts waits, and reaches nobody`() throws {
        let configuration = configuration(
            [Self.ops],
            [
                .init(targets: [.channel("ops")], delay: .minutes(3)),
                .init(targets: [.user("ada")], delay: .minutes(5)),
            ])
        let opening = open(configuration)
        #expect(opening.pages.isEmpty && opening.incident.cycle == 0)
        #expect(opening.incident.nextEscalationAt == TestTeam.start + .minutes(3))
        #expect(opening.entries.map(\.event).contains(.posted(step: 0, channels: ["#ops"])))
        let next = try opening.incident.decide(
            .escalationDue(wasReached: false), by: .system, at: TestTeam.start + .minutes(3),
            configuration: configuration)
        #expect(next.pages.map(\.userID) == ["ada"])
    }

    @Test func `people beside a channel are paged at once, and skipped as ever`() {
        let both = open(
            configuration([Self.ops], [.init(targets: [.channel("ops"), .user("ada")], delay: .minutes(3))]))
        #expect(both.pages.map(\.userID) == ["ada"] && both.posts.opening == ["ops"])
        let gone = open(
            configuration(
                [Self.ops],
                [
                    .init(targets: [.channel("ops"), .user("gone")], delay: .minutes(3)),
                    .init(targets: [.user("bob")], delay: .minutes(3)),
                ]))
        #expect(gone.pages.map(\.userID) == ["bob"])
    }

    @Test func `a policy of only channels is warned of, and pages the administrators in the end`() throws {
        let configuration = configuration([Self.ops], [.init(targets: [.channel("ops")], delay: .minutes(3))])
        let warnings = configuration.coverage(from: TestTeam.start, channels: [.email]).map(\.text)
        #expect(
            warnings.contains(
                "“Standard” only posts to channels, so it pages nobody. Add a person, a schedule or a team."))
        var incident = open(configuration).incident
        var paged: [UserID] = []
        for _ in 0..<4 where paged.isEmpty {
            let due = try #require(incident.nextEscalationAt)
            let next = try incident.decide(
                .escalationDue(wasReached: false), by: .system, at: due, configuration: configuration)
            incident = next.incident
            paged = next.pages.map(\.userID)
        }
        #expect(paged == ["dana"])
    }

    @Test func `nothing is posted of what is held, held off or a drill`() throws {
        var configuration = configuration()
        configuration.policies["policy"]?.holdOff = HoldOff([.critical: .minutes(5)])
        let opening = open(configuration)
        #expect(opening.posts.isEmpty)
        let over = try opening.incident.decide(
            .resolve, by: .system, at: TestTeam.start + .minutes(1), configuration: configuration)
        #expect(over.posts.opening == [])
    }

    @Test func `a message that can't be edited is sent once for each state`() {
        var post = Post(
            channelID: "ops", incidentID: "incident", wanted: 1, attempts: 0, reference: nil, told: [.open])
        #expect(post.action(for: .open) == .nothing)
        #expect(post.action(for: .acknowledged) == .send)
        post.reference = "C1 17"
        #expect(post.action(for: .open) == .edit(reference: "C1 17"))
    }

    @Test func `a channel that a policy names can't be deleted`() {
        let configuration = configuration([Self.ops], [.init(targets: [.channel("ops")], delay: .minutes(3))])
        #expect(throws: ConfigurationFault.self) {
            let changes = try TeamChannel.definition.deletion(Self.ops, configuration)
            _ = changes
        }
        let audit = Self.ops.maskedAddress
        #expect(audit == "…")
    }
}
