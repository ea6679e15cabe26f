import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct StatisticsTests {
    /// Wednesday, 4 March 2026, 12:00 UTC.
    private let noon = TestTeam.start

    @Test(arguments: TestDatabase.available)
    func `incidents are tallied by span and severity, with the means of what was acknowledged and resolved`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.addIncident(1, .critical, at: noon, acknowledgedAfter: .minutes(2), resolvedAfter: .hours(1))
        try await fixture.addIncident(2, .critical, at: noon + .hours(1), acknowledgedAfter: .minutes(4))
        try await fixture.addIncident(3, .info, at: noon + .hours(2))
        try await fixture.addIncident(4, .error, at: noon + .days(1), resolvedAfter: .minutes(30), team: "team-other")
        let spans = [noon..<noon + .days(1), noon + .days(1)..<noon + .days(2), noon + .days(2)..<noon + .days(3)]
        let all = try await fixture.store.tallies(ofIncidentsIn: spans, team: nil)
        #expect(all.map(\.bySeverity) == [[.critical: 2, .info: 1], [.error: 1], [:]])
        #expect(all.map(\.meanTimeToAcknowledge) == [.minutes(3), nil, nil])
        #expect(all.map(\.meanTimeToResolve) == [.hours(1), .minutes(30), nil])
        let sum = all.reduce(IncidentTally(), +)
        #expect(sum.count == 4 && sum.acknowledged == 2 && sum.resolved == 2)
        #expect(sum.meanTimeToResolve == .minutes(45))
        let other = try await fixture.store.tallies(ofIncidentsIn: spans, team: "team-other")
        #expect(other.map(\.count) == [0, 1, 0])
    }

    @Test(arguments: TestDatabase.available)
    func `sources are counted within the span and the team`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.addIncident(1, .critical, at: noon)
        try await fixture.addIncident(2, .critical, at: noon, source: "other")
        try await fixture.addIncident(3, .critical, at: noon, source: "other", team: "team-other")
        try await fixture.addIncident(4, .critical, at: noon - .seconds(1), source: "other")
        let span = noon..<noon + .hours(1)
        #expect(
            try await fixture.store.incidentCounts(of: ["other", "quiet", "source"], in: span, team: nil)
                == ["source": 1, "other": 2, "quiet": 0])
        #expect(
            try await fixture.store.incidentCounts(of: ["other", "source"], in: span, team: "team-other")
                == ["source": 0, "other": 1])
        #expect(try await fixture.store.incidentCounts(of: [], in: span, team: nil) == [:])
    }

    @Test(arguments: TestDatabase.available)
    func `pages are counted by the hour of each person's own day, also over a change of daylight saving`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        // In Zagreb the clocks go forward on 29 March 2026 at 01:00 UTC.
        let change = try #require(Timestamp(rfc3339: "2026-03-29T01:00:00Z"))
        let incident = try await fixture.open()
        let pages: [(PageID, UserID, Timestamp)] = [
            ("a1", "ada", change - .seconds(1)), ("a2", "ada", change), ("a3", "ada", change + .hours(1)),
            ("b1", "bob", change - .seconds(1)), ("b2", "bob", change), ("b3", "bob", change + .hours(30)),
        ]
        for page in pages { try await fixture.addSending(page.0, page.1, incident.id, at: page.2) }
        try await fixture.addPage("test", "ada", .email, .sent, sentAt: change)
        let zagreb = try #require(LocalClock("Europe/Zagreb"))
        let hours = try await fixture.store.pageHours(
            of: ["ada": zagreb, "bob": .utc, "cleo": .utc], in: change - .days(3)..<change + .days(1), team: nil)
        #expect(hours["ada"]?.counted == [1: 1, 3: 1, 4: 1])
        #expect(hours["bob"]?.counted == [0: 1, 1: 1])
        #expect(hours["cleo"]?.counted == [:])
        let other = try await fixture.store.pageHours(
            of: ["ada": zagreb], in: change - .days(3)..<change + .days(1), team: "team-other")
        #expect(other["ada"]?.counted == [:])
    }
}

extension [Int] {
    /// The indices of the nonzero values.
    fileprivate var counted: [Int: Int] {
        Dictionary(enumerated().filter { $0.element > 0 }.map { ($0.offset, $0.element) }, uniquingKeysWith: +)
    }
}

extension StoreFixture {
    /// An incident as stored after its whole history.
    func addIncident(
        _ number: Int, _ severity: Severity, at openedAt: Timestamp, acknowledgedAfter: Duration? = nil,
        resolvedAfter: Duration? = nil, source: SourceID? = "source", team: TeamID = "team-ops"
    ) async throws {
        try await store.database.run(
            """
            INSERT INTO incidents (id, number, version, source_id, team_id, dedup_key, title, body, severity, urgency,
              state, state_detail, links, labels, policy, cycle, alert_count, opened_at, last_alert_at, updated_at,
              first_acknowledged_at, resolved_at)
            VALUES (\("incident-\(number)"), \(number), 1, \(source), \(team), \("key-\(number)"), 'Title', '',
              \(severity), 'high', \(resolvedAfter == nil ? "triggered" : "resolved"), '{}', '[]', '{}', '{}', 1, 1,
              \(openedAt), \(openedAt), \(openedAt), \(acknowledgedAfter.map { openedAt + $0 }),
              \(resolvedAfter.map { openedAt + $0 }))
            """)
    }

    /// A page of an incident, sent at an instant.
    func addSending(
        _ id: PageID, _ user: UserID, _ incident: IncidentID, at sentAt: Timestamp?, team: TeamID? = "team-ops"
    ) async throws {
        try await store.database.run(
            """
            INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address, urgency,
              cycle, step, rule, state, queued_at, due_at, attempts, sent_at)
            VALUES (\(id), 'incident', \(incident), \(team), \(user), 'method', 'email', 'address', 'high', 1, 0,
              \(id), \(sentAt == nil ? "cancelled" : "sent"), \(sentAt ?? now), \(sentAt ?? now), 1, \(sentAt))
            """)
    }
}
