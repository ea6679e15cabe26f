import TestSupport
import Testing

@testable import Domain

@Suite struct ForecastTests {
    private func minutes(_ most: Int, _ numbers: inout SeededNumbers) -> Duration {
        .minutes(Int.random(in: 0...most, using: &numbers))
    }

    /// A team with a random policy and random rules. Some people can't be reached.
    private func team(_ numbers: inout SeededNumbers) -> TestTeam {
        var team = TestTeam()
        let targets: [EscalationPolicy.Target] = [
            .schedule("schedule"), .user("bob"), .user("cleo"), .user("nobody"), .team("team-ops"),
        ]
        team.policy.steps = (0..<Int.random(in: 1...4, using: &numbers)).map { _ in
            .init(targets: [targets.randomElement(using: &numbers)!], delay: minutes(6, &numbers) + .minutes(1))
        }
        team.policy.repeats = Int.random(in: 0...2, using: &numbers)
        for index in team.users.indices { team.users[index].isEnabled = Int.random(in: 0..<4, using: &numbers) > 0 }
        team.methods.removeAll { _ in Int.random(in: 0..<4, using: &numbers) == 0 }
        for method in team.methods where Bool.random(using: &numbers) {
            team.rules.append(
                NotificationRule(
                    id: NotificationRuleID("rule-\(method.id)"), userID: method.userID, urgency: .high,
                    delay: minutes(8, &numbers), contactMethodID: method.id))
        }
        return team
    }

    @Test func `the next page is the first of the forecast`() throws {
        var (paged, silent) = (0, 0)
        for seed in 0..<500 as Range<UInt64> {
            var numbers = SeededNumbers(seed: seed)
            let team = team(&numbers)
            let configuration = team.configuration
            var incident = Incident.open(
                id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
                author: .source(team.source), at: TestTeam.start, configuration: configuration
            ).incident
            var now = TestTeam.start
            for _ in 0..<6 {
                let next = configuration.nextPage(of: incident, at: now)
                let first = configuration.forecast(of: incident, at: now).entries.first
                try #require(next == first, "seed \(seed)")
                if next == nil { silent += 1 } else { paged += 1 }
                guard let due = incident.nextEscalationAt else { break }
                now = max(now, due)
                incident =
                    try incident.decide(
                        .escalationDue(wasReached: true), by: .system, at: now, configuration: configuration
                    ).incident
            }
        }
        #expect(paged > 300 && silent > 100, "\(paged) pages, \(silent) times nobody")
    }
}

@Suite struct ContactMethodGroupTests {
    @Test func `the contact methods of a user are the same after each change`() {
        var configuration = TestTeam().configuration
        func ids(_ user: UserID) -> [ContactMethodID] { configuration.contactMethods(of: user).map(\.id) }
        #expect(ids("ada") == ["mail-ada"])
        let phone = ContactMethod(
            id: "a-phone", userID: "ada", channel: .sms, address: "+38591234567", verifiedAt: TestTeam.start)
        configuration = configuration.applying([.save(phone)])
        #expect(ids("ada") == ["a-phone", "mail-ada"])
        configuration.contactMethods["mail-ada"] = nil
        #expect(ids("ada") == ["a-phone"])
        configuration = configuration.applying([.delete(.init(.user, "ada"))])
        #expect(ids("ada") == [] && ids("bob") == ["mail-bob"])
    }
}
