import TestSupport
import Testing

@testable import Domain

@Suite struct MessageBudgetTests {
    let start = TestTeam.start

    @Test(arguments: [
        (20, 0, Duration.zero), (20, 3, .zero), (20, 4, .seconds(30)), (20, 7, .seconds(30)), (20, 8, .seconds(300)),
        (20, 100, .seconds(300)), (5, 1, .seconds(30)), (5, 2, .seconds(1_200)), (1_000, 199, .zero),
        (1_000, 200, .seconds(6)),
    ])
    func `the more messages, the longer the pause`(perHour: Int, sent: Int, pause: Duration) {
        #expect(MessageBudget(perHour: perHour).pause(after: sent) == pause)
    }

    /// Incidents come without end, and messages leave whenever they may, at most one every ten seconds.
    @Test(arguments: [5, 12, 20, 60, 300])
    func `no hour has more messages than the budget`(perHour: Int) {
        let budget = MessageBudget(perHour: perHour)
        var sent: [Timestamp] = []
        for second in stride(from: 0, to: 4 * 3_600, by: 10) {
            let now = start + .seconds(second)
            if budget.earliest(after: sent, at: now) <= now { sent.append(now) }
        }
        for (index, first) in sent.enumerated() {
            let hour = sent[index...].prefix { $0 < first + .hours(1) }
            #expect(hour.count <= perHour + perHour / 5)
        }
        #expect(sent.prefix { $0 <= start + .hours(1) }.count <= perHour)
    }

    @Test func `what a person chose counts before the operator's choice`() {
        var team = TestTeam()
        #expect(team.configuration.budget(of: "mail-ada", usual: 20) == MessageBudget(perHour: 20))
        #expect(team.configuration.budget(of: "mail-ada", usual: nil) == nil)
        team.users[0].hourlyBudget = 7
        #expect(team.configuration.budget(of: "mail-ada", usual: nil) == MessageBudget(perHour: 7))
        #expect(team.configuration.budget(of: "gone", usual: nil) == nil)
    }

    @Test func `only telephone numbers have one`() {
        let channels = Channel.allCases.filter(\.definition.hasBudget)
        #expect(channels == [.sms, .whatsapp, .voice])
    }
}
