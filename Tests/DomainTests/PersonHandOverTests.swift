import TestSupport
import Testing

@testable import Domain

/// An incident that a person hands to another one.
@Suite struct PersonHandOverTests {
    let team = TestTeam()
    let start = TestTeam.start

    var opened: Incident {
        Incident.open(
            id: "incident", event: team.event(), severity: .critical, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration
        ).incident
    }

    func handOver(_ incident: Incident, to user: UserID, configuration: Configuration? = nil) throws -> Transition {
        try incident.decide(
            .handOver(to: user), by: .user(team.users[0]), at: start + .minutes(1),
            configuration: configuration ?? team.configuration)
    }

    @Test func `the named person is paged, everybody else's pages are withdrawn, and the timeline says it`() throws {
        let given = try handOver(opened, to: "bob")
        #expect(given.pages.map(\.userID) == ["bob"])
        #expect(given.pages.map(\.cycle) == [2])
        #expect(given.pageChanges == [.cancelAll(reason: "handed to Bob")])
        #expect(given.entries.map(\.event) == [.handedOver(person: "Bob")])
        #expect(given.entries.map(\.author.id) == ["ada"])
    }

    @Test func `without an answer, the policy goes on after the time of the present step`() throws {
        let given = try handOver(opened, to: "bob").incident
        let delay = team.policy.steps[0].delay
        #expect(given.state == .triggered(.due(.init(step: 1, round: 0), at: start + .minutes(1) + delay)))
    }

    @Test func `an acknowledged incident is triggered again, and a resolved one can't be handed over`() throws {
        let owned = try opened.decide(
            .acknowledge, by: .user(team.users[0]), at: start, configuration: team.configuration
        ).incident
        #expect(try handOver(owned, to: "bob").incident.state.name == .triggered)
        let over = try owned.decide(
            .resolve, by: .user(team.users[0]), at: start, configuration: team.configuration
        ).incident
        #expect(throws: Refusal.alreadyResolved) { try handOver(over, to: "bob") }
    }

    @Test func `nobody can hand an incident to somebody who can't be paged, may not act, or is gone`() throws {
        var configuration = team.configuration
        configuration.contactMethods = configuration.contactMethods.filter { $0.value.userID != "bob" }
        #expect(throws: Refusal.cannotTake("Bob has no contact method")) {
            try handOver(opened, to: "bob", configuration: configuration)
        }
        configuration = team.configuration
        configuration.users["bob"]?.role = .viewer
        #expect(throws: Refusal.cannotTake("Bob may not act on incidents")) {
            try handOver(opened, to: "bob", configuration: configuration)
        }
        configuration.users["bob"]?.isEnabled = false
        for gone in ["bob", "nobody"] as [UserID] {
            #expect(throws: Refusal.cannotTake("there is no such enabled user")) {
                try handOver(opened, to: gone, configuration: configuration)
            }
        }
    }
}
