import TestSupport
import Testing

@testable import Domain

@Suite struct AlertDecisionTests {
    let team = TestTeam()
    let start = TestTeam.start

    func open(_ severity: Severity = .critical, startsAt: Timestamp? = nil) -> Incident {
        Incident.open(
            id: "incident", event: team.event(severity: severity, startsAt: startsAt), severity: severity,
            source: team.source, team: "team-ops", author: .source(team.source), at: start,
            configuration: team.configuration
        ).incident
    }

    func receive(_ event: AlertEvent, on incident: Incident) throws -> Transition {
        try incident.decide(
            .receive(event), by: .source(team.source), at: start + .minutes(1), configuration: team.configuration)
    }

    @Test func `a repeat updates what is known and pages nobody`() throws {
        let transition = try receive(team.event("Disk fuller"), on: open())
        #expect(transition.incident.alertCount == 2)
        #expect(transition.incident.title == "Disk fuller")
        #expect(transition.pages.isEmpty)
        #expect(transition.entries.isEmpty)
        #expect(!transition.isEmpty)
    }

    @Test func `a recovery resolves, and one of an earlier episode does not`() throws {
        let incident = open(startsAt: start)
        let late = team.event(status: .resolved, startsAt: start - .hours(1))
        #expect(try receive(late, on: incident).outcome == .ignored("the recovery belongs to an earlier episode"))
        #expect(try receive(team.event(status: .resolved, startsAt: start), on: incident).outcome == .resolved)
        #expect(try receive(team.event(status: .resolved), on: incident).outcome == .resolved)
    }

    @Test func `an alert that arrives out of order counts, but its text does not`() throws {
        let transition = try receive(team.event("Old words", startsAt: start - .hours(1)), on: open(startsAt: start))
        #expect(transition.incident.alertCount == 2)
        #expect(transition.incident.title == "Disk full")
    }

    @Test(arguments: [(Severity.warning, Severity.critical, 1), (.critical, .error, 0), (.error, .critical, 0)])
    func `a worse alert pages only if the incident becomes urgent`(before: Severity, after: Severity, pages: Int) throws
    {
        let transition = try receive(team.event(severity: after), on: open(before))
        #expect(transition.pages.count == pages)
        #expect(transition.incident.severity == max(before, after))
    }

    @Test func `a worse alert on an acknowledged incident is noted and pages nobody`() throws {
        let owned = try open(.warning).decide(
            .acknowledge, by: .user(team.users[0]), at: start, configuration: team.configuration)
        let transition = try receive(team.event(severity: .critical), on: owned.incident)
        #expect(transition.pages.isEmpty)
        #expect(transition.entries.map(\.event) == [.severityRaised(from: .warning, to: .critical)])
    }

    @Test func `silence resolves if the source is set up that way`() throws {
        var source = team.source
        source.autoResolveAfter = .minutes(3)
        let incident = Incident.open(
            id: "i", event: team.event(), severity: .critical, source: source, team: "team-ops", author: .system,
            at: start, configuration: team.configuration
        ).incident
        #expect(incident.nextEscalationAt == start + .minutes(3))
        let quiet = try incident.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .minutes(3), configuration: team.configuration)
        #expect(quiet.outcome == .resolved)
    }
}
