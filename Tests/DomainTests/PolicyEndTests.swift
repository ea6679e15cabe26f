import TestSupport
import Testing

@testable import Domain

@Suite struct PolicyEndTests {
    let start = TestTeam.start

    func page(_ cycle: Int, _ step: Int, _ state: Page.State, due delay: Duration = .zero) -> PageSummary {
        PageSummary(
            id: PageID("p\(cycle)"), userID: "ada", channel: .sms, rule: "r", cycle: cycle, step: step, state: state,
            dueAt: start + delay)
    }

    @Test(arguments: [
        (Page.State.sent, true), (.delivered, true), (.withheld, true), (.failed, false), (.cancelled, false),
        (.queued, false), (.claimed, false),
    ])
    func `a round reached somebody when a provider accepted one of its pages`(state: Page.State, isReached: Bool) {
        #expect([page(1, 0, state)].reachedSomebody(at: start + .minutes(5)) == isReached)
    }

    @Test func `a page in good time may still arrive, one that hangs does not count`() {
        #expect([page(1, 0, .queued, due: .minutes(7))].reachedSomebody(at: start))
        #expect([page(1, 0, .queued)].reachedSomebody(at: start + .seconds(59)))
        #expect(![page(1, 0, .queued)].reachedSomebody(at: start + .seconds(60)))
        #expect(![PageSummary]().reachedSomebody(at: start))
    }

    @Test func `only the latest round counts, with all its cycles`() {
        let later = start + .hours(1)
        #expect(![page(1, 0, .sent), page(2, 0, .failed)].reachedSomebody(at: later))
        #expect([page(1, 0, .sent), page(2, 1, .failed)].reachedSomebody(at: later))
        #expect(![page(1, 1, .sent), page(2, 0, .failed), page(3, 1, .failed)].reachedSomebody(at: later))
        #expect([page(3, 2, .failed), page(2, 0, .delivered), page(1, 2, .failed)].reachedSomebody(at: later))
    }

    /// An incident with two steps and two rounds whose policy has ended.
    func ended(_ change: (inout TestTeam) -> Void = { _ in }) throws -> (Incident, TestTeam, Timestamp) {
        var team = TestTeam()
        change(&team)
        var incident = Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .system, at: start, configuration: team.configuration
        ).incident
        for _ in 0..<3 {
            let due = try #require(incident.nextEscalationAt)
            incident = try incident.decide(
                .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration
            ).incident
        }
        return (incident, team, try #require(incident.nextEscalationAt))
    }

    @Test func `a policy whose last round reached nobody continues, more and more slowly, until one does`()
        throws
    {
        var (incident, team, due) = try ended { $0.policy.steps[1].delay = .minutes(1) }
        var turns: [String] = []
        for _ in 0..<8 {
            let next = try incident.decide(
                .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration)
            incident = next.incident
            let then = try #require(incident.nextEscalationAt)
            turns.append("\(next.pages.map(\.userID.rawValue).joined()) \((then - due).words)")
            due = then
        }
        // The first step's own delay is 5 minutes, and the second's is 1 minute.
        #expect(
            turns == [
                "ada 5 min", "bob 5 min", "ada 10 min", "bob 10 min", "ada 15 min", "bob 15 min", "ada 15 min",
                "bob 15 min",
            ])
        let end = try incident.decide(
            .escalationDue(wasReached: true), by: .system, at: due, configuration: team.configuration)
        #expect(end.incident.state == .triggered(.exhausted))
    }

    @Test func `the timeline says so once, with the pace`() throws {
        let (incident, team, due) = try ended()
        let next = try incident.decide(
            .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration)
        let words = """
            the last round of “Standard” reached nobody; it goes on until somebody is reached: \
            each step has at least 5 minutes, then 10, then 15
            """
        #expect(next.entries.map(\.event.sentence).first == words)
    }

    @Test func `the administrators are paged at the end although nobody was reached`() throws {
        let (incident, team, due) = try ended { $0.policy.finalAction = .notifyAdministrators }
        let next = try incident.decide(
            .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration)
        #expect(next.pages.map(\.userID) == ["dana", "ada"])
        #expect(next.pages.map(\.cycle) == [5, 6])
    }

    @Test func `while nobody can be paged, every step and the administrators are tried again and again`() throws {
        var (incident, team, due) = try ended { team in
            for index in team.methods.indices { team.methods[index].verifiedAt = nil }
        }
        for _ in 0..<4 {
            let next = try incident.decide(
                .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration)
            #expect(next.pages.isEmpty)
            incident = next.incident
            due = try #require(incident.nextEscalationAt)
        }
        for index in team.methods.indices { team.methods[index].verifiedAt = start }
        let next = try incident.decide(
            .escalationDue(wasReached: false), by: .system, at: due, configuration: team.configuration)
        #expect(Set(next.pages.map(\.userID)) == ["dana", "ada"])
    }

    @Test func `a page that fails in the last cycle does not speed up the extra rounds`() throws {
        let (incident, team, due) = try ended()
        let failed = FailedPage(
            id: "p4", userID: "bob", userName: "Bob", channel: .sms, cycle: 4, explanation: "no network")
        let others = [page(3, 0, .failed), page(4, 1, .failed)]
        let next = try incident.decide(
            .pageFailed(failed, others: others), by: .system, at: due - .minutes(9), configuration: team.configuration)
        #expect(next.isEmpty)
        // The round reached another person, so the policy ends now.
        let end = try incident.decide(
            .pageFailed(failed, others: [page(3, 0, .sent), page(4, 1, .failed)]), by: .system,
            at: due - .minutes(9), configuration: team.configuration)
        #expect(end.incident.state == .triggered(.exhausted))
    }

    @Test func `an exhausted policy continues when its pages were not delivered`() throws {
        let (incident, team, due) = try ended()
        let over = try incident.decide(
            .escalationDue(wasReached: true), by: .system, at: due, configuration: team.configuration
        ).incident
        let failed = FailedPage(
            id: "p4", userID: "bob", userName: "Bob", channel: .sms, cycle: 4, explanation: "no report")
        func fail(_ state: Page.State) throws -> Incident.State {
            try over.decide(
                .pageFailed(failed, others: [page(3, 0, state), page(4, 1, .failed)]), by: .system, at: due,
                configuration: team.configuration
            ).incident.state
        }
        #expect(try fail(.delivered) == .triggered(.exhausted))
        #expect(try fail(.failed) == .triggered(.due(.init(step: 0, round: 2), at: due + .minutes(5))))
    }
}
