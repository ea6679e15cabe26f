import TestSupport
import Testing

@testable import Domain

@Suite struct DrillTests {
    /// Wednesday, 12:00 UTC.
    let start = TestTeam.start

    private func due(
        _ weekly: Bool = true, last: Duration? = nil, after: Duration = .zero, zone: String = "UTC", team: Bool = true
    ) -> [UserID] {
        var cast = TestTeam()
        let person = team ? 0 : 3
        cast.users[person].drillsWeekly = weekly
        cast.users[person].timeZone = zone
        let now = start + after
        let records = last.map { [cast.users[person].id: Drill.Record(lastAt: now - $0)] } ?? [:]
        return cast.configuration.drillsDue(records, at: now).map(\.id)
    }

    @Test func `those who asked have a drill once a week, on a working day, at a convenient hour`() {
        #expect(due() == ["ada"])
        #expect(due(false) == [])
        #expect(due(last: .days(6)) == [])
        #expect(due(last: .days(7)) == ["ada"])
        #expect(due(after: .hours(4)) == [], "16:00")
        #expect(due(after: .hours(-3)) == [], "09:00")
        #expect(due(after: .days(3)) == [], "Saturday")
        #expect(due(zone: "America/New_York") == [], "07:00 there")
        #expect(due(team: false) == [], "Dana is in no team")
    }

    @Test func `a drill pages the person, and then the administrators`() throws {
        let team = TestTeam()
        let source = Drill.source(of: "team-ops")
        let opening = Incident.open(
            id: "drill", event: Drill.event(for: team.users[1]), severity: .critical, source: source, team: "team-ops",
            author: .source(source), at: start, configuration: team.configuration)
        #expect(opening.pages.map(\.userID) == ["bob"])
        let later = try opening.incident.decide(
            .escalationDue(wasReached: true), by: .system, at: start + Drill.patience,
            configuration: team.configuration)
        #expect(later.pages.map(\.userID) == ["dana"])
    }
}
