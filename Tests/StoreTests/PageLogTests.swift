import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct PageLogTests {
    @Test(arguments: TestDatabase.available)
    func `the log is filtered by state, channel and person, newest first, in pages of a limit`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        try await fixture.addPages()
        func ids(_ change: (inout PageFilter) -> Void) async throws -> [String] {
            var filter = PageFilter()
            change(&filter)
            return try await fixture.store.pages(filter).map(\.page.id.rawValue)
        }
        #expect(try await ids { _ in } == ["p5", "p4", "p3", "p2", "p1"])
        #expect(try await ids { $0.states = [.failed] } == ["p4", "p2"])
        #expect(try await ids { $0.states = [.failed, .withheld] } == ["p4", "p3", "p2"])
        #expect(try await ids { $0.channel = .sms } == ["p4", "p3", "p1"])
        #expect(try await ids { $0.channel = .voice } == [])
        #expect(try await ids { ($0.channel, $0.states) = (.sms, [.failed]) } == ["p4"])
        #expect(try await ids { $0.user = "bob" } == ["p5", "p4"])
        #expect(try await ids { ($0.user, $0.states) = ("bob", [.failed]) } == ["p4"])
        #expect(try await ids { ($0.states, $0.limit) = ([.failed, .withheld, .sent], 2) } == ["p4", "p3"])
        #expect(
            try await ids { ($0.states, $0.limit, $0.before) = ([.failed, .withheld, .sent], 2, "p3") }
                == ["p2", "p1"])
    }

    @Test(arguments: TestDatabase.available)
    func `pages are counted by state and channel`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.addPages()
        let counts = try await fixture.store.pageCounts()
        #expect(
            counts.map { "\($0.state.rawValue) \($0.channel.rawValue) \($0.count)" } == [
                "delivered email 1", "failed email 1", "failed sms 1", "sent sms 1", "withheld sms 1",
            ])
        #expect(try await fixture.store.withheldPageCount() == BoundedCount(found: 1))
        #expect(try await fixture.store.waitingPageCount() == BoundedCount(found: 0))
    }

    @Test(arguments: TestDatabase.available)
    func `waiting pages are listed by due time`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        try await fixture.addPages()
        #expect(try await fixture.store.waitingPages().isEmpty)
        try await fixture.addPage("late", "ada", .email, .queued, dueAt: fixture.now + .minutes(9))
        try await fixture.addPage("soon", "bob", .sms, .queued, dueAt: fixture.now + .minutes(1))
        try await fixture.addPage("now", "bob", .sms, .claimed)
        #expect(try await fixture.store.waitingPages().map(\.page.id.rawValue) == ["now", "soon", "late"])
        #expect(try await fixture.store.waitingPages(limit: 2).map(\.page.id.rawValue) == ["now", "soon"])
    }

    @Test(arguments: TestDatabase.available)
    func `the page that waits longest is none that a budget may hold back`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let now = fixture.now
        func oldest() async throws -> Timestamp? { try await fixture.store.oldestDuePage(at: now) }
        try await fixture.addPage("later", "ada", .email, .queued, dueAt: now + .seconds(1))
        #expect(try await oldest() == nil)
        try await fixture.addPage("number", "bob", .sms, .queued, dueAt: now - .seconds(5))
        #expect(try await oldest() == now - .seconds(5))
        try await fixture.addPage("earlier", "bob", .sms, .sent)
        try await fixture.claimed("earlier", at: now - .minutes(61))
        #expect(try await oldest() == now - .seconds(5))
        try await fixture.claimed("earlier", at: now - .minutes(59))
        #expect(try await oldest() == nil)
        // An address has no budget.
        try await fixture.addPage("mail", "ada", .email, .claimed, dueAt: now - .seconds(3))
        try await fixture.addPage("mail before", "ada", .email, .sent)
        try await fixture.claimed("mail before", at: now)
        #expect(try await oldest() == now - .seconds(3))
    }

    @Test(arguments: TestDatabase.available)
    func `each hand-over of a page is kept with its result`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let first = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(
            first, .temporary(Fault(.transient, "The provider answered 500."), retryAfter: nil),
            .retry(at: fixture.now))
        let second = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(second, .accepted(reference: "r", note: nil), .sent)
        let page = try #require(try await fixture.store.pages(PageFilter()).first)
        #expect(page.incidentTitle == incident.title)
        let attempts = try await fixture.store.attempts(of: [page.page.id])
        #expect(attempts[page.page.id]?.map(\.result) == [.temporary, .accepted])
        #expect(attempts[page.page.id]?.map(\.explanation) == ["The provider answered 500.", nil])
        #expect(attempts[page.page.id]?.map(\.number) == [1, 2])
    }
}

extension StoreFixture {
    func claimed(_ page: PageID, at instant: Timestamp) async throws {
        _ = try await store.database.run("UPDATE pages SET claimed_at = \(instant) WHERE id = \(page)")
    }

    /// Five pages from p1 to p5.
    func addPages() async throws {
        try await addPage("p1", "ada", .sms, .sent)
        try await addPage("p2", "ada", .email, .failed)
        try await addPage("p3", "ada", .sms, .withheld)
        try await addPage("p4", "bob", .sms, .failed)
        try await addPage("p5", "bob", .email, .delivered)
    }

    /// A page as stored after its whole history.
    func addPage(
        _ id: PageID, _ user: UserID, _ channel: Channel, _ state: Page.State, team: TeamID = "team-ops",
        dueAt: Timestamp? = nil, sentAt: Timestamp? = nil, purpose: String = "test"
    ) async throws {
        try await store.database.run(
            """
            INSERT INTO pages (id, purpose, team_id, user_id, contact_method_id, channel, address, urgency, cycle, step,
              rule, state, queued_at, due_at, attempts, sent_at)
            VALUES (\(id), \(purpose), \(team), \(user), 'method', \(channel), 'address', 'high', 1, 0, \(id), \(state),
              \(now), \(dueAt ?? now), 1, \(sentAt))
            """)
    }
}
