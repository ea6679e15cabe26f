import TestSupport
import Testing

@testable import Domain

@Suite struct MaintenanceTests {
    /// Wednesday, 2026-03-04, 12:00 UTC.
    let start = TestTeam.start
    let team = TestTeam()

    func window(
        _ span: MaintenanceWindow.Span? = nil, sources: Set<SourceID> = [], labels: [String: String] = [:],
        team: TeamID = "team-ops"
    ) -> MaintenanceWindow {
        MaintenanceWindow(
            id: "window", name: "Upgrade", teamID: team, sources: sources, labels: labels,
            span: span ?? .once(from: start, to: start + .hours(2)))
    }

    func configuration(_ windows: MaintenanceWindow...) -> Configuration {
        var configuration = team.configuration
        for window in windows { configuration.maintenanceWindows[window.id] = window }
        return configuration
    }

    func open(_ configuration: Configuration, severity: Severity = .critical, labels: [String: String] = [:])
        -> Transition
    {
        var event = team.event(severity: severity)
        event.labels = labels
        return Incident.open(
            id: "incident", event: event, severity: severity, source: team.source, team: "team-ops",
            author: .source(team.source), at: start, configuration: configuration)
    }

    @Test func `an incident in a window is recorded and held, and pages nobody`() {
        let opened = open(configuration(window()))
        #expect(opened.outcome == .opened)
        #expect(opened.pages.isEmpty)
        #expect(opened.incident.isHeld)
        #expect(opened.incident.nextEscalationAt == start + .hours(2))
        #expect(opened.entries.map(\.event).last == .held(window: "Upgrade", until: start + .hours(2)))
    }

    @Test func `incidents still firing at the end start paging then`() throws {
        let configuration = configuration(window())
        let held = open(configuration).incident
        let early = try held.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .hours(1), configuration: configuration)
        #expect(early.isEmpty)
        let ended = try held.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .hours(2), configuration: configuration)
        #expect(ended.pages.map(\.userID) == ["ada"])
    }

    @Test func `incidents that recover within the window never page`() throws {
        let held = open(configuration(window())).incident
        let over = try held.decide(
            .receive(team.event(status: .resolved)), by: .source(team.source), at: start + .minutes(5),
            configuration: team.configuration)
        #expect(over.outcome == .resolved)
        #expect(over.incident.nextEscalationAt == nil)
    }

    @Test func `an incident opened before the window is not held`() throws {
        let before = open(team.configuration).incident
        let next = try before.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .minutes(5),
            configuration: configuration(window()))
        #expect(next.pages.map(\.userID) == ["bob"])
    }

    @Test func `a following window keeps holding`() throws {
        var second = MaintenanceWindow(
            id: "second", name: "Cleaning", teamID: "team-ops",
            span: .once(from: start + .hours(1), to: start + .hours(3)))
        let held = open(configuration(window())).incident
        let on = try held.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .hours(2),
            configuration: configuration(window(), second))
        #expect(on.pages.isEmpty)
        #expect(on.incident.nextEscalationAt == start + .hours(3))
        second.teamID = "team-other"
        let off = try held.decide(
            .escalationDue(wasReached: true), by: .system, at: start + .hours(2),
            configuration: configuration(window(), second))
        #expect(!off.pages.isEmpty)
    }

    @Test func `a deleted window releases its incidents at once`() throws {
        let held = open(configuration(window())).incident
        let freed = try held.decide(
            .maintenanceChanged, by: .system, at: start + .minutes(1), configuration: team.configuration)
        #expect(freed.pages.map(\.userID) == ["ada"])
        let same = try held.decide(
            .maintenanceChanged, by: .system, at: start + .minutes(1), configuration: configuration(window()))
        #expect(same.isEmpty)
        let paged = open(team.configuration).incident
        #expect(
            try paged.decide(.maintenanceChanged, by: .system, at: start, configuration: configuration(window()))
                .isEmpty)
    }

    @Test func `a worse alert does not page before the end, and a person's request does`() throws {
        let configuration = configuration(window())
        let held = open(configuration, severity: .info).incident
        let worse = try held.decide(
            .receive(team.event(severity: .critical)), by: .source(team.source), at: start + .minutes(1),
            configuration: configuration
        )
        #expect(worse.incident.severity == .critical)
        #expect(worse.pages.isEmpty)
        #expect(worse.incident.isHeld)
        let dana = Author.user(team.users[3])
        #expect(!(try held.decide(.escalate, by: dana, at: start, configuration: configuration)).pages.isEmpty)
        #expect(
            try held.decide(.acknowledge, by: dana, at: start, configuration: configuration).outcome == .acknowledged)
        let snoozed = try held.decide(
            .snooze(until: start + .hours(1)), by: dana, at: start, configuration: configuration)
        #expect(snoozed.incident.isHeld)
        let longer = try held.decide(
            .snooze(until: start + .hours(4)), by: dana, at: start, configuration: configuration)
        #expect(longer.incident.nextEscalationAt == start + .hours(4))
    }

    @Test(
        arguments: [
            ([], [:], "team-ops", true), (["source"], [:], "team-ops", true), (["another"], [:], "team-ops", false),
            ([], ["env": "prod"], "team-ops", true), ([], ["env": "test"], "team-ops", false),
            ([], ["env": "prod", "host": "a"], "team-ops", false), ([], [:], "team-other", false),
        ] as [([String], [String: String], String, Bool)])
    func `team, source and labels decide which incidents a window holds`(
        sources: [String], labels: [String: String], team: String, isHeld: Bool
    ) {
        let window = window(sources: Set(sources.map { SourceID($0) }), labels: labels, team: TeamID(team))
        #expect(open(configuration(window), labels: ["env": "prod"]).incident.isHeld == isHeld)
    }

    @Test(arguments: [
        ("2026-03-04T20:59:59Z", nil), ("2026-03-04T21:00:00Z", "2026-03-05T01:00:00Z"),
        ("2026-03-05T00:59:59Z", "2026-03-05T01:00:00Z"), ("2026-03-05T01:00:00Z", nil),
        ("2026-03-05T21:30:00Z", nil),
        // On Sunday, 29 March the clocks in Zagreb go from 2:00 to 3:00, so both times mean the same instant.
        ("2026-03-28T22:00:00Z", "2026-03-29T01:00:00Z"), ("2026-03-29T01:00:00Z", nil),
    ])
    func `a weekly window is in local time and may pass midnight`(instant: String, end: String?) throws {
        let weekly = ZonedHours(
            timeZone: "Europe/Zagreb", weekdays: [.wednesday, .saturday], from: 22 * 60, to: 2 * 60)
        let found = window(.weekly(weekly)).end(covering: try #require(Timestamp(rfc3339: instant)))
        #expect(found?.rfc3339 == end.flatMap { Timestamp(rfc3339: $0) }?.rfc3339)
    }
}
