import Formats
import TestSupport
import Testing

@testable import Domain

@Suite struct HoldOffTests {
    let start = TestTeam.start

    private func team(source: HoldOff? = nil, policy: HoldOff? = nil) -> TestTeam {
        var team = TestTeam()
        team.source.holdOff = source
        team.policy.holdOff = policy
        return team
    }

    private func open(_ severity: Severity, _ team: TestTeam) -> Transition {
        Incident.open(
            id: "incident", event: team.event(severity: severity), severity: severity, source: team.source,
            team: "team-ops", author: .source(team.source), at: start, configuration: team.configuration)
    }

    @Test(
        arguments: [
            (nil, nil, Severity.critical, nil), (nil, HoldOff([.warning: .minutes(5)]), .critical, nil),
            (nil, HoldOff([.warning: .minutes(5)]), .warning, .minutes(5)),
            (HoldOff([.warning: .minutes(2)]), HoldOff([.warning: .minutes(5)]), .warning, .minutes(2)),
            (HoldOff([.info: .minutes(2)]), HoldOff([.warning: .minutes(5)]), .warning, .minutes(5)),
            (HoldOff([.critical: .seconds(30)]), nil, .critical, .seconds(30)),
        ] as [(HoldOff?, HoldOff?, Severity, Duration?)])
    func `the source counts before the policy, for each severity`(
        source: HoldOff?, policy: HoldOff?, severity: Severity, delay: Duration?
    ) throws {
        let opening = open(severity, team(source: source, policy: policy))
        #expect(opening.incident.state.name == .triggered)
        #expect(opening.incident.isHeldOff == (delay != nil))
        #expect(opening.pages.isEmpty == (delay != nil))
        if let delay { #expect(opening.incident.nextEscalationAt == start + delay) }
    }

    @Test func `what still fires pages after the delay, and what is over pages nobody`() throws {
        let team = team(policy: HoldOff([.critical: .minutes(5)]))
        let incident = open(.critical, team).incident
        let later = try incident.decide(
            .escalationDue(wasReached: false), by: .system, at: start + .minutes(5), configuration: team.configuration)
        #expect(later.pages.map(\.userID) == ["ada"])
        let over = try incident.decide(
            .receive(team.event(status: .resolved)), by: .source(team.source), at: start + .minutes(4),
            configuration: team.configuration)
        #expect(over.outcome == .resolved && over.pages.isEmpty)
        #expect(over.incident.nextEscalationAt == nil)
    }

    @Test(
        arguments: [
            (Severity.error, Duration.minutes(1), Duration.minutes(2)), (.error, .minutes(3), nil),
            (.critical, .minutes(1), nil),
        ] as [(Severity, Duration, Duration?)])
    func `a worse severity pages when its own delay is over`(
        severity: Severity, after: Duration, due: Duration?
    ) throws {
        let team = team(policy: HoldOff([.warning: .minutes(10), .error: .minutes(2), .critical: .zero]))
        let incident = open(.warning, team).incident
        let raised = try incident.decide(
            .receive(team.event(severity: severity)), by: .source(team.source), at: start + after,
            configuration: team.configuration)
        #expect(raised.pages.isEmpty == (due != nil))
        if let due { #expect(raised.incident.nextEscalationAt == start + due) }
    }

    @Test func `maintenance that ends later than the delay pages at once`() throws {
        var team = team(policy: HoldOff([.critical: .minutes(5)]))
        team.tellNobody()
        var incident = open(.critical, team).incident
        incident.state = .triggered(.held(until: start + .hours(1), window: "Upgrade"))
        let after = try incident.decide(
            .escalationDue(wasReached: false), by: .system, at: start + .hours(1), configuration: team.configuration)
        #expect(!after.pages.isEmpty)
    }

    @Test(arguments: [
        ("warning 5 min, info 1 h", "warning 5 min, info 1 h"), ("INFO 90", "info 90 min"), ("", ""),
        ("critical 30 s , error 0", "critical 30 s"),
    ])
    func `it is read as people write it`(text: String, typed: String) throws {
        #expect(HoldOff(typed: text)?.typed == typed)
    }

    @Test(arguments: ["warning", "5 min", "bad 5 min", "warning 5 min, warning 6 min", "warning soon"])
    func `what is not a hold-off is refused`(text: String) { #expect(HoldOff(typed: text) == nil) }

    @Test func `the API reads what it shows`() throws {
        let holdOff = HoldOff([.warning: .minutes(5)])
        #expect(holdOff.json.description == #"{"warning":300}"#)
        #expect(HoldOff(json: holdOff.json) == holdOff)
        #expect(HoldOff(json: .members([("bad", .number("1"))])) == nil)
    }

    @Test func `a preview knows it`() {
        let team = team(policy: HoldOff([.critical: .minutes(5)]))
        let forecast = team.configuration.forecast(policy: team.policy, severity: .critical, number: 1, at: start)
        #expect(forecast.entries.first?.at == start + .minutes(5))
    }
}
