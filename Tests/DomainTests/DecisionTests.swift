import TestSupport
import Testing

@testable import Domain

/// Every state of an incident with every command.
@Suite struct DecisionTests {
    let team = TestTeam()
    let start = TestTeam.start
    var dana: Author { .user(team.users[3]) }

    func opened(_ severity: Severity = .critical, _ team: TestTeam? = nil) -> Transition {
        let team = team ?? self.team
        return Incident.open(
            id: "incident", event: team.event(severity: severity), severity: severity, source: team.source,
            team: "team-ops", author: .source(team.source), at: start, configuration: team.configuration)
    }

    func decide(_ command: Command, on incident: Incident, after delay: Duration = .minutes(1)) throws -> Transition {
        try incident.decide(command, by: dana, at: start + delay, configuration: team.configuration)
    }

    /// One incident in each possible state.
    func incidents() throws -> [String: Incident] {
        let triggered = opened().incident
        let acknowledged = try decide(.acknowledge, on: triggered).incident
        var exhausted = triggered
        exhausted.state = .triggered(.exhausted)
        return [
            "triggered": triggered, "acknowledged": acknowledged, "exhausted": exhausted,
            "snoozed": try decide(.snooze(until: start + .hours(1)), on: triggered).incident,
            "resolved": try decide(.resolve, on: triggered).incident,
        ]
    }

    @Test func `an alert opens an incident whose first step pages the person on call`() {
        let transition = opened()
        #expect(transition.outcome == .opened)
        #expect(transition.pages.map(\.userID) == ["ada"])
        #expect(transition.pages.map(\.dueAt) == [start])
        #expect(transition.incident.nextEscalationAt == start + .minutes(5))
    }

    @Test(arguments: [
        ("triggered", "acknowledged", "acknowledged"), ("acknowledged", "acknowledged", "acknowledgedAgain"),
        ("exhausted", "acknowledged", "acknowledged"), ("snoozed", "acknowledged", "acknowledged"),
    ])
    func `acknowledging assigns the incident and cancels queued pages`(from: String, state: String, outcome: String)
        throws
    {
        let transition = try decide(.acknowledge, on: try #require(try incidents()[from]))
        #expect(transition.incident.state.name.rawValue == state)
        #expect("\(transition.outcome)" == outcome)
        let cancels = transition.pageChanges.contains { if case .cancelAll = $0 { true } else { false } }
        #expect(cancels == (from != "acknowledged"))
        #expect(transition.pages.isEmpty)
    }

    @Test(arguments: ["triggered", "acknowledged", "exhausted", "snoozed"])
    func `resolving closes it from any open state`(from: String) throws {
        let transition = try decide(.resolve, on: try #require(try incidents()[from]))
        #expect(transition.incident.state.name == .resolved)
        #expect(transition.incident.nextEscalationAt == nil)
        #expect(transition.outcome == .resolved)
    }

    @Test func `a resolved incident accepts only notes and reopening`() throws {
        let resolved = try #require(try incidents()["resolved"])
        for command in [Command.acknowledge, .escalate, .snooze(until: start + .hours(1)), .reassign(team.policy)] {
            #expect(throws: Refusal.alreadyResolved) { try decide(command, on: resolved) }
        }
        #expect(try decide(.resolve, on: resolved).outcome == .ignored("the incident is resolved already"))
        #expect(try decide(.note("It was the cable."), on: resolved).outcome == .noted)
        let reopened = try decide(.reopen, on: resolved)
        #expect(reopened.pages.map(\.userID) == ["ada"])
        #expect(reopened.incident.cycle == 2)
    }

    @Test(arguments: ["triggered", "acknowledged", "exhausted", "snoozed"])
    func `an open incident can't be reopened`(from: String) throws {
        let incident = try #require(try incidents()[from])
        #expect(throws: Refusal.notResolved) { try decide(.reopen, on: incident) }
    }

    @Test func `no step is due early, and exactly one when its time has come`() throws {
        let incident = opened().incident
        #expect(try decide(.escalationDue(wasReached: true), on: incident, after: .minutes(4)).isEmpty)
        // After an outage of an hour one step runs, not one for each missed tick.
        let due = try decide(.escalationDue(wasReached: true), on: incident, after: .hours(1))
        #expect(due.pages.map(\.userID) == ["bob"])
        #expect(due.incident.nextEscalationAt == start + .hours(1) + .minutes(10))
    }

    @Test func `the policy repeats as often as set, then stops and says so`() throws {
        var incident = opened().incident
        var paged: [UserID] = ["ada"]
        var last: Transition?
        while let next = incident.nextEscalationAt {
            let transition = try incident.decide(
                .escalationDue(wasReached: true), by: .system, at: next, configuration: team.configuration)
            paged += transition.pages.map(\.userID)
            incident = transition.incident
            last = transition
        }
        #expect(paged == ["ada", "bob", "ada", "bob"])
        #expect(last?.outcome == .exhausted)
        #expect(last?.entries.contains { $0.event == .policyExhausted(policy: "Standard") } == true)
    }

    @Test func `escalating by hand restarts the timer at that step`() throws {
        let transition = try decide(.escalate, on: opened().incident)
        #expect(transition.pages.map(\.userID) == ["bob"])
        #expect(transition.incident.nextEscalationAt == start + .minutes(11))
    }

    @Test func `a snooze pauses escalation, which then continues where it was`() throws {
        let snoozed = try decide(.snooze(until: start + .hours(1)), on: opened().incident)
        #expect(snoozed.pageChanges == [.postpone(.minutes(59))])
        let woken = try decide(.escalationDue(wasReached: true), on: snoozed.incident, after: .hours(1))
        #expect(woken.pages.isEmpty)
        #expect(woken.incident.nextEscalationAt == start + .hours(1) + .minutes(4))
        #expect(throws: Refusal.snoozeOutOfRange) { try decide(.snooze(until: start), on: snoozed.incident) }
        #expect(throws: Refusal.snoozeOutOfRange) {
            try decide(.snooze(until: start + .days(31)), on: snoozed.incident)
        }
    }

    @Test func `an acknowledgement that expires pages its owner and the person on call`() throws {
        var team = team
        team.policy.acknowledgementTimeout = .minutes(30)
        let bob = Author.user(team.users[1])
        let incident = try opened(.critical, team).incident.decide(
            .acknowledge, by: bob, at: start, configuration: team.configuration
        ).incident
        #expect(incident.nextEscalationAt == start + .minutes(30))
        let expired = try incident.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .minutes(30), configuration: team.configuration)
        #expect(Set(expired.pages.map(\.userID)) == ["ada", "bob"])
        #expect(expired.incident.state.name == .triggered)
    }

    @Test func `a new policy replaces the old one from then on`() throws {
        var policy = team.policy
        policy.steps = [.init(targets: [.user("cleo")], delay: .minutes(1))]
        let transition = try decide(.reassign(policy), on: opened().incident)
        #expect(transition.pages.map(\.userID) == ["cleo"])
        #expect(transition.pageChanges.first == .cancelAll(reason: "moved to Standard"))
    }

    @Test(arguments: ["", "  \n ", String(repeating: "x", count: 5_001)])
    func `a note must not be empty or too long`(text: String) {
        #expect(throws: Refusal.self) { try decide(.note(text), on: opened().incident) }
    }
}
