import TestSupport
import Testing

@testable import Domain

@Suite struct PageDecisionTests {
    let team = TestTeam()
    let start = TestTeam.start

    var incident: Incident {
        Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .system, at: start, configuration: team.configuration
        ).incident
    }

    func fail(_ others: [PageSummary]) throws -> Transition {
        let page = FailedPage(
            id: "p1", userID: "ada", userName: "Ada", channel: .sms, cycle: 1, explanation: "no such number")
        return try incident.decide(
            .pageFailed(page, others: others), by: .system, at: start + .minutes(1), configuration: team.configuration)
    }

    func page(_ id: PageID, _ user: UserID, _ state: Page.State, after delay: Duration = .zero) -> PageSummary {
        PageSummary(id: id, userID: user, channel: .email, rule: "r", cycle: 1, state: state, dueAt: start + delay)
    }

    @Test func `the person's next page leaves at once when one failed`() throws {
        let transition = try fail([
            page("p2", "ada", .queued, after: .minutes(9)), page("p3", "ada", .queued, after: .minutes(5)),
        ])
        #expect(transition.pageChanges == [.hasten("p3", dueAt: start + .minutes(1))])
        #expect(transition.pages.isEmpty)
    }

    @Test(
        arguments: [
            (0, Duration.zero, Duration.seconds(50), "p3"), (1, .minutes(3), .seconds(50), "p3"),
            // It began with the failed one or after it, and is about to leave.
            (0, .zero, .zero, nil), (0, .seconds(55), .seconds(50), nil),
        ] as [(Int, Duration, Duration, PageID?)])
    func `a page that waits for its provider or its retry keeps nobody from the next one after a failure`(
        attempts: Int, due: Duration, failedDue: Duration, next: PageID?
    ) throws {
        var held = page("p2", "ada", .queued, after: due)
        held.attempts = attempts
        let failed = page("p1", "ada", .failed, after: failedDue)
        let transition = try fail([failed, held, page("p3", "ada", .queued, after: .minutes(5))])
        #expect(transition.pageChanges == (next.map { [.hasten($0, dueAt: start + .minutes(1))] } ?? []))
        #expect(transition.pages.isEmpty)
    }

    @Test func `the next step starts at once when every page of a cycle failed`() throws {
        let transition = try fail([page("p1", "ada", .failed), page("p2", "ada", .failed)])
        #expect(transition.pages.map(\.userID) == ["bob"])
    }

    @Test(arguments: [Page.State.sent, .claimed, .delivered])
    func `a failed page waits for the others that may still arrive`(state: Page.State) throws {
        #expect(try fail([page("p2", "ada", state)]).isEmpty)
    }

    @Test func `a page withdrawn during its hand-over does not delay the next step`() throws {
        var unwanted = page("p2", "ada", .claimed)
        unwanted.isUnwanted = true
        #expect(try fail([unwanted]).pages.map(\.userID) == ["bob"])
    }

    @Test(arguments: Page.State.allCases, Page.State.allCases)
    func `page states move forward only`(from: Page.State, to: Page.State) {
        let allowed: Set<[Page.State]> = [
            [.queued, .claimed], [.queued, .withheld], [.queued, .cancelled], [.queued, .failed],
            [.queued, .delivered],
            [.claimed, .queued],
            [.claimed, .sent], [.claimed, .delivered], [.claimed, .failed], [.claimed, .cancelled],
            [.sent, .delivered],
            [.sent, .failed],
        ]
        #expect(from.canBecome(to) == allowed.contains([from, to]))
    }

    @Test func `rules that change during a cycle apply from then on`() throws {
        var team = team
        team.rules = [
            NotificationRule(
                id: "early", userID: "ada", urgency: .high, delay: .minutes(1), contactMethodID: "mail-ada"),
            NotificationRule(
                id: "late", userID: "ada", urgency: .high, delay: .minutes(9), contactMethodID: "mail-ada"),
        ]
        let queued = PageSummary(
            id: "p1", userID: "ada", channel: .email, rule: "dropped", cycle: 1, state: .queued,
            dueAt: start + .minutes(4))
        let command = Command.rulesChanged(
            "ada", turn: Turn(cycle: 1, step: 0, startedAt: start), pages: [queued])
        let transition = try incident.decide(
            command, by: .system, at: start + .minutes(2), configuration: team.configuration)
        #expect(transition.pages.map(\.rule) == ["late"])
        #expect(transition.pageChanges.count == 1)
    }

    @Test(arguments: [(1, 1.0, 2.0), (2, 1.0, 4.0), (3, 0.0, 4.0), (10, 1.0, 60.0)])
    func `retries back off exponentially with jitter, up to a limit`(made: Int, jitter: Double, seconds: Double) {
        let policy = RetryPolicy(attempts: 20)
        #expect(policy.verdict(attempts: made, retryAfter: nil, jitter: jitter) == .retry(after: .seconds(seconds)))
    }

    @Test func `a provider's Retry-After is respected, and attempts are limited`() {
        let policy = RetryPolicy(attempts: 3)
        #expect(policy.verdict(attempts: 1, retryAfter: .seconds(90), jitter: 1) == .retry(after: .seconds(90)))
        #expect(policy.verdict(attempts: 1, retryAfter: .days(9), jitter: 1) == .retry(after: .hours(1)))
        #expect(policy.verdict(attempts: 3, retryAfter: nil, jitter: 1) == .giveUp)
    }

    @Test func `greylisting for five minutes is outlasted`() {
        var (attempts, waited) = (1, Duration.zero)
        while case .retry(let pause) = RetryPolicy().verdict(attempts: attempts, retryAfter: .seconds(60), jitter: 0) {
            waited += pause
            attempts += 1
        }
        #expect(waited > .minutes(5))
    }
}
