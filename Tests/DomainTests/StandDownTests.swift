import TestSupport
import Testing

@testable import Domain

@Suite struct StandDownTests {
    let start = TestTeam.start

    private func changes(
        _ command: Command, by user: Int?, wishes: [StandDown], before: Command? = nil, after: Duration = .minutes(4)
    ) throws -> [PageChange] {
        var team = TestTeam()
        for (index, wish) in wishes.enumerated() { team.users[index].standDown = wish }
        var incident = Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration, number: 12
        ).incident
        if let before {
            incident =
                try incident.decide(
                    before, by: .user(team.users[1]), at: start + after - .seconds(5), configuration: team.configuration
                ).incident
        }
        let author = user.map { Author.user(team.users[$0]) } ?? .source(team.source)
        let transition = try incident.decide(
            command, by: author, at: start + after, configuration: team.configuration)
        return transition.pageChanges.filter { change in
            switch change {
            case .tell, .tellNothing: true
            case .cancelAll, .cancel, .cancelOf, .takeBack, .postpone, .hasten, .revive: false
            }
        }
    }

    private func tell(_ users: [UserID], _ text: String, after: Duration = .minutes(4)) -> PageChange {
        .tell(users, text: "#12 Disk full: \(text)", at: start + after + StandDown.pause)
    }

    @Test func `an acknowledgement is told to those who want to know, and not to the one who has it`() throws {
        #expect(try changes(.acknowledge, by: 1, wishes: [.all, .all, .over]) == [tell(["ada"], "Bob has it")])
        #expect(try changes(.acknowledge, by: 1, wishes: [.over, .all]) == [])
        #expect(try changes(.acknowledge, by: nil, wishes: [.all, .all]) == [])
    }

    @Test func `the end is told with how long it took`() throws {
        #expect(try changes(.resolve, by: nil, wishes: [.all, .over]) == [tell(["ada", "bob"], "over after 4 min")])
        #expect(try changes(.resolve, by: 0, wishes: [.all, .over]) == [tell(["bob"], "resolved by Ada after 4 min")])
        let soon = Duration.seconds(45)
        #expect(
            try changes(.resolve, by: nil, wishes: [.over], after: soon)
                == [tell(["ada"], "over after 45 s", after: soon)])
        #expect(try changes(.resolve, by: nil, wishes: [.nothing, .nothing]) == [])
    }

    @Test func `what was taken back is not told`() throws {
        #expect(try changes(.undo, by: 1, wishes: [.all], before: .acknowledge) == [.tellNothing])
        #expect(
            try changes(.resolve, by: nil, wishes: [.all], before: .acknowledge)
                == [.tellNothing, tell(["ada"], "over after 4 min")])
    }
}
