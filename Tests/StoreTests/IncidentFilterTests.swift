import Database
import Domain
import Store
import TestSupport
import Testing

/// Every filter selects and counts what a look at each incident selects and counts.
@Suite struct IncidentFilterTests {
    private static let teams: [TeamID] = ["team-ops", "team-other", "a", "b", "c", "d"]

    /// Incidents of all states and severities, of several teams and sources, opened over an hour.
    private func filled(_ kind: TestDatabase) async throws -> (fixture: StoreFixture, incidents: [Incident]) {
        let fixture = try await StoreFixture(kind)
        var dice = SeededNumbers(seed: 7)
        var all = IncidentFilter()
        all.limit = IncidentFilter.Limits.list
        for number in 1...120 {
            let incident = try await fixture.open("key-\(number)", team: Self.teams.randomElement(using: &dice) ?? "a")
            switch Int.random(in: 0..<4, using: &dice) {
            case 0: break
            case 1: _ = try await fixture.commit(incident, .acknowledge)
            default: _ = try await fixture.commit(incident, .resolve)
            }
            let severity = Severity.allCases.randomElement(using: &dice) ?? .info
            let source: SourceID? = [nil, "source", "source", "other"].randomElement(using: &dice) ?? nil
            try await fixture.store.database.run(
                "UPDATE incidents SET severity = \(severity), source_id = \(source) WHERE number = \(number)")
            fixture.time.advance(by: .seconds(30))
        }
        return (fixture, try await fixture.store.incidents(all))
    }

    private func passes(_ incident: Incident, _ filter: IncidentFilter) -> Bool {
        (filter.teams.isEmpty || filter.teams.contains(incident.teamID))
            && (filter.severities.isEmpty || filter.severities.contains(incident.severity))
            && (filter.source == nil || filter.source == incident.sourceID)
            && (filter.since.map { incident.openedAt >= $0 } ?? true)
            && (filter.until.map { incident.openedAt < $0 } ?? true)
    }

    private func expected(_ filter: IncidentFilter, of all: [Incident]) -> [Int] {
        let states = filter.states
        let found = all.filter { incident in
            passes(incident, filter) && (states.isEmpty || states.contains(incident.state.name))
                && filter.before.map { incident.number < $0 } ?? true
        }
        func rank(_ incident: Incident) -> (Int, Int, Int) {
            guard filter.order == .urgent else { return (0, 0, -incident.number) }
            let severities: [Severity] = [.critical, .error, .warning, .info]
            let severity = severities.firstIndex(of: incident.severity) ?? 0
            return (incident.state.name == .triggered ? 0 : 1, severity, -incident.number)
        }
        let sorted = found.sorted { rank($0) < rank($1) }.map(\.number)
        return Array(sorted.dropFirst(filter.skip).prefix(filter.limit))
    }

    @Test(arguments: TestDatabase.kinds)
    func `a filter selects and counts what passes it`(on kind: TestDatabase) async throws {
        let (fixture, all) = try await filled(kind)
        #expect(all.count == 120)
        var dice = SeededNumbers(seed: 11)
        for round in 0..<400 {
            var filter = IncidentFilter()
            func sometimes() -> Bool { Bool.random(using: &dice) }
            if sometimes() {
                filter.teams = (0..<Int.random(in: 1...6, using: &dice)).map { _ in
                    Self.teams.randomElement(using: &dice) ?? "a"
                }
            }
            if sometimes() { filter.severities = Set(Severity.allCases.shuffled(using: &dice).prefix(1 + round % 3)) }
            if round % 3 == 0 { filter.source = ["source", "other", "nowhere"].randomElement(using: &dice) }
            if round % 5 == 0 { filter.since = fixture.now - .minutes(Int.random(in: 1..<70, using: &dice)) }
            if round % 7 == 0 { filter.until = fixture.now - .minutes(Int.random(in: 1..<60, using: &dice)) }
            filter.limit = Int.random(in: 1...40, using: &dice)
            if sometimes() {
                (filter.states, filter.order) = ([.triggered, .acknowledged], .urgent)
                filter.skip = Int.random(in: 0...10, using: &dice)
            } else {
                filter.states = Set(Incident.State.Name.allCases.shuffled(using: &dice).prefix(round % 4))
                if sometimes() { filter.before = Int.random(in: 1...130, using: &dice) }
            }
            let page = try await fixture.store.incidentPage(filter)
            #expect(page.incidents.map(\.number) == expected(filter, of: all), "\(filter)")
            let passing = Dictionary(all.filter { passes($0, filter) }.map { ($0.state.name, 1) }, uniquingKeysWith: +)
            #expect(page.counts == IncidentCounts(passing), "\(filter)")
            #expect(try await fixture.store.incidents(filter) == page.incidents)
        }
    }
}
