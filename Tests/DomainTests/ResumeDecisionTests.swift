import TestSupport
import Testing

@testable import Domain

/// An alert that fires again soon after its resolution continues the incident where it was.
@Suite struct ResumeDecisionTests {
    let team = TestTeam()
    let start = TestTeam.start

    var opened: Incident {
        Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration
        ).incident
    }

    func decide(_ command: Command, on incident: Incident, by author: Author? = nil, after minutes: Int) throws
        -> Transition
    {
        try incident.decide(
            command, by: author ?? .source(team.source), at: start + .minutes(minutes),
            configuration: team.configuration)
    }

    func recovered(_ incident: Incident, after minutes: Int) throws -> Incident {
        try decide(.receive(team.event(status: .resolved)), on: incident, after: minutes).incident
    }

    @Test func `the next step is delayed by the time it was resolved, and nobody is paged again`() throws {
        let back = try decide(.resume, on: recovered(opened, after: 2), after: 5)
        #expect(back.outcome == .reopened)
        #expect(back.pages.isEmpty)
        #expect(back.incident.state == .triggered(.due(.init(step: 1, round: 0), at: start + .minutes(8))))
        #expect(
            back.pageChanges == [.revive(cycle: 1, cancelledSince: start + .minutes(2), later: .minutes(3))])
        #expect(back.entries.map(\.event) == [.resumed])
    }

    @Test func `an acknowledged incident stays with its owner`() throws {
        let owned = try decide(.acknowledge, on: opened, by: .user(team.users[0]), after: 1).incident
        let back = try decide(.resume, on: recovered(owned, after: 2), after: 3)
        #expect(back.incident.state == owned.state)
        #expect(back.pageChanges.isEmpty)
    }

    @Test func `a snoozed incident stays snoozed`() throws {
        let snoozed = try decide(.snooze(until: start + .hours(1)), on: opened, by: .user(team.users[0]), after: 1)
            .incident
        let back = try decide(.resume, on: recovered(snoozed, after: 2), after: 3)
        #expect(back.incident.state == snoozed.state)
    }

    @Test func `after a person resolved it, the policy starts at its first step`() throws {
        let resolved = try decide(.resolve, on: opened, by: .user(team.users[0]), after: 2).incident
        let back = try decide(.resume, on: resolved, after: 3)
        #expect(back.outcome == .reopened)
        #expect(back.pages.map(\.userID) == ["ada"])
    }

    @Test func `a resolution by silence counts as one by the source`() throws {
        var quiet = opened
        quiet.autoResolvesAt = start + .minutes(2)
        let resolved = try decide(.escalationDue(wasReached: true), on: quiet, by: .system, after: 2).incident
        #expect(!resolved.isOpen)
        #expect(try decide(.resume, on: resolved, after: 3).pages.isEmpty)
    }

    @Test func `an undone resolution keeps the end that the sender named, and a reopened incident has none`() throws {
        var event = team.event()
        event.expiresAt = start + .minutes(9)
        let ending = try decide(.receive(event), on: opened, after: 1).incident
        let resolved = try decide(.resolve, on: ending, by: .user(team.users[0]), after: 2).incident
        #expect(resolved.nextEscalationAt == nil)
        let back = try decide(.undo, on: resolved, by: .user(team.users[0]), after: 2).incident
        #expect(back.autoResolvesAt == start + .minutes(9))
        let reopened = try decide(.reopen, on: resolved, by: .user(team.users[0]), after: 30).incident
        #expect(reopened.autoResolvesAt == nil)
    }

    @Test func `an open incident can't be resumed`() {
        #expect(throws: Refusal.notResolved) { try decide(.resume, on: opened, after: 1) }
    }

    @Test func `pages created, withdrawn and revived within one commit are queued once`() throws {
        var all = Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration)
        all.append(try decide(.receive(team.event(status: .resolved)), on: all.incident, after: 0))
        #expect(all.pages.isEmpty)
        all.append(try decide(.resume, on: all.incident, after: 0))
        #expect(all.pages.map(\.userID) == ["ada"])
    }

    @Test func `an action is undone by its author within a minute, and by nobody else`() throws {
        let (ada, bob) = (Author.user(team.users[0]), Author.user(team.users[1]))
        for command in [Command.acknowledge, .resolve] {
            let done = try decide(command, on: opened, by: ada, after: 2).incident
            let undone = try decide(.undo, on: done, by: ada, after: 3)
            #expect(undone.incident.state == opened.state)
            #expect(
                undone.pageChanges == [.revive(cycle: 1, cancelledSince: start + .minutes(2), later: .zero)])
            #expect(undone.entries.map(\.event) == [.undone])
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: done, by: bob, after: 3) }
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: done, by: ada, after: 4) }
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: undone.incident, by: ada, after: 3) }
        }
    }

    func deeds() throws -> [(Command, Incident)] {
        let owned = try decide(.acknowledge, on: opened, by: .user(team.users[1]), after: 1).incident
        var other = team.policy
        other.name = "Other"
        let commands: [Command] = [
            .snooze(until: start + .hours(1)), .escalate, .reassign(other), .handOver(to: "bob"),
        ]
        return commands.map { ($0, opened) } + commands.map { ($0, owned) }
    }

    @Test func `a snooze, an escalation, a reassignment and a hand-over are undone by their author`() throws {
        let (ada, bob) = (Author.user(team.users[0]), Author.user(team.users[1]))
        for (command, before) in try deeds() {
            let done = try decide(command, on: before, by: ada, after: 2).incident
            let undone = try decide(.undo, on: done, by: ada, after: 3).incident
            #expect(undone.state == before.state, "\(command)")
            #expect(undone.policy == before.policy)
            #expect(undone.cycle == before.cycle)
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: done, by: bob, after: 3) }
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: done, by: ada, after: 4) }
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: undone, by: ada, after: 3) }
            let moved = try decide(.acknowledge, on: done, by: bob, after: 2).incident
            if moved.state != done.state {
                #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: moved, by: ada, after: 3) }
            }
        }
    }

    @Test func `an acknowledgement is not undone once somebody else has snoozed the incident`() throws {
        let (ada, bob) = (Author.user(team.users[0]), Author.user(team.users[1]))
        let owned = try decide(.acknowledge, on: opened, by: ada, after: 2).incident
        let snoozed = try decide(.snooze(until: start + .hours(1)), on: owned, by: bob, after: 2).incident
        var later = snoozed
        later.latestDeed?.at = start + .minutes(2) + .seconds(5)
        for incident in [snoozed, later] {
            #expect(throws: Refusal.nothingToUndo) { try decide(.undo, on: incident, by: ada, after: 3) }
        }
    }

    @Test func `an undone snooze moves the pages back, and an undone escalation withdraws its own`() throws {
        let ada = Author.user(team.users[0])
        let snoozed = try decide(.snooze(until: start + .hours(1)), on: opened, by: ada, after: 2)
        #expect(snoozed.pageChanges == [.postpone(.minutes(58))])
        let awake = try decide(.undo, on: snoozed.incident, by: ada, after: 3)
        #expect(awake.pageChanges == [.postpone(.minutes(-58))])
        let escalated = try decide(.escalate, on: opened, by: ada, after: 2).incident
        let back = try decide(.undo, on: escalated, by: ada, after: 3)
        #expect(
            back.pageChanges == [
                .takeBack(after: 1, reason: "Ada took it back"),
                .revive(cycle: 1, cancelledSince: start + .minutes(2), later: .zero),
            ])
    }

    @Test func `an incident that a person resolved starts from the beginning`() throws {
        let resolved = try decide(.resolve, on: opened, by: .user(team.users[0]), after: 2).incident
        let back = try decide(.resume, on: resolved, after: 3)
        #expect(back.entries.map(\.event).first == .reopened)
        #expect(back.incident.cycle == 2)
    }
}
