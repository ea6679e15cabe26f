import TestSupport
import Testing

@testable import Domain

@Suite struct GroupDecisionTests {
    let team = TestTeam()
    let start = TestTeam.start

    func event(
        _ key: String, _ status: AlertEvent.Status = .firing, severity: Severity = .critical,
        at began: Timestamp? = nil,
        labels: [String: String] = [:]
    ) -> AlertEvent {
        var event = team.event("\(key) is down", key: key, status: status, severity: severity, startsAt: began)
        event.labels = labels.merging(["cluster": "one"]) { first, _ in first }
        event.join(groupBy: "cluster")
        return event
    }

    func open(_ event: AlertEvent) -> Incident {
        Incident.open(
            id: "incident", event: event, severity: event.severity ?? .info, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: team.configuration
        ).incident
    }

    func receive(_ event: AlertEvent, on incident: Incident) throws -> Transition {
        try incident.decide(
            .receive(event), by: .source(team.source), at: start + .minutes(1), configuration: team.configuration)
    }

    @Test func `alerts with the same value of the label share an incident, others keep their own key`() {
        #expect(event("a").incidentKey == event("b").incidentKey)
        var other = team.event(key: "c")
        other.join(groupBy: "cluster")
        #expect(other.incidentKey == DedupKey("c"))
    }

    @Test func `a second alert joins without a page and keeps the first one's words`() throws {
        let transition = try receive(event("b"), on: open(event("a")))
        #expect(transition.pages.isEmpty)
        #expect(transition.incident.title == "a is down")
        #expect(transition.incident.firingAlerts == 2)
        #expect(transition.entries.map(\.event) == [.alertJoined(title: "b is down", firing: 2)])
    }

    @Test func `the incident resolves with its last alert and not before`() throws {
        let both = try receive(event("b"), on: open(event("a"))).incident
        let one = try receive(event("a", .resolved), on: both)
        #expect(one.outcome == .updated)
        #expect(one.incident.isOpen)
        #expect(
            try receive(event("a", .resolved), on: one.incident).outcome
                == .ignored("this alert of the group does not fire"))
        let none = try receive(event("b", .resolved), on: one.incident)
        #expect(none.outcome == .resolved)
    }

    @Test func `an alert that fires again in between is waited for again`() throws {
        var incident = try receive(event("b"), on: open(event("a"))).incident
        for next in [event("a", .resolved), event("a"), event("b", .resolved)] {
            incident = try receive(next, on: incident).incident
        }
        #expect(incident.isOpen)
        #expect(try receive(event("a", .resolved), on: incident).outcome == .resolved)
    }

    @Test func `a late copy of a past episode does not fire again, a new episode does`() throws {
        var first = event("a", at: start)
        first.namesEpisode = true
        var incident = try receive(event("b"), on: open(first)).incident
        incident = try receive(event("a", .resolved, at: start), on: incident).incident
        #expect(try receive(first, on: incident).outcome == .ignored(Incident.echo))
        first.startsAt = start + .minutes(1)
        #expect(try receive(first, on: incident).incident.firingAlerts == 2)
    }

    @Test func `a recovery of an alert's earlier episode leaves it firing`() throws {
        let incident = open(event("a", at: start))
        let late = event("a", .resolved, at: start - .hours(1))
        #expect(try receive(late, on: incident).outcome == .ignored("the recovery belongs to an earlier episode"))
    }

    @Test func `a worse alert of the group raises the severity and pages when that makes it urgent`() throws {
        let transition = try receive(event("b", severity: .critical), on: open(event("a", severity: .info)))
        #expect(transition.incident.severity == .critical)
        #expect(transition.pages.map(\.userID) == ["ada"])
    }

    @Test func `labels are those that all alerts share`() throws {
        let first = event("a", labels: ["host": "a", "site": "x"])
        let second = try receive(event("b", labels: ["host": "b", "site": "x"]), on: open(first))
        #expect(second.incident.labels == ["cluster": "one", "site": "x"])
    }

    @Test func `a full group drops a recovered alert for a new one and never exceeds its limit`() throws {
        var incident = open(event("a"))
        for number in 1..<GroupedAlert.Limits.alerts { incident.alerts["\(number)"] = GroupedAlert(title: "x") }
        let full = try receive(event("new"), on: incident)
        #expect(full.incident.alerts.count == GroupedAlert.Limits.alerts)
        #expect(full.incident.alerts["new"] == nil)
        incident.alerts["7"]?.isFiring = false
        let swapped = try receive(event("new"), on: incident)
        #expect(swapped.incident.alerts["new"]?.isFiring == true)
        #expect(swapped.incident.alerts["7"] == nil)
    }
}
