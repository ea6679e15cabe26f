import Database
import Domain
import Store
import TestSupport
import Testing

/// How a claimed page returns to the queue.
enum WayBack: String, CaseIterable, CustomStringConvertible {
    case retry, unknownOutcome, takeOver, lostClaim

    var description: String { rawValue }

    func go(_ message: ClaimedMessage, _ lease: Lease, _ fixture: StoreFixture) async throws {
        let passing = Receipt.temporary(Fault(.transient, "answered 503"), retryAfter: nil)
        switch self {
        case .retry: _ = try await fixture.record(message, passing, .retry(at: fixture.now))
        case .unknownOutcome:
            _ = try await fixture.record(message, .unknown(Fault(.transient, "cut off")), .retry(at: fixture.now))
        case .takeOver:
            fixture.time.advance(by: .seconds(6))
            let next = try #require(try await fixture.lease("two"))
            #expect(try await fixture.store.requeueOrphans(under: next, at: fixture.now) == 1)
        case .lostClaim:
            let count = try await fixture.store.requeueLostClaims(
                of: [.email], except: [], under: lease, at: fixture.now, hasLeft: { _ in false })
            #expect(count == 1)
        }
    }
}

@Suite struct InFlightTests {
    /// What a person or a timer may decide while the incident's first page is claimed.
    static let decisions: [Command] = [.acknowledge, .resolve, .reassign(TestTeam().policy), .escalate]

    @Test(arguments: WayBack.allCases, decisions)
    func `a decision made during a hand-over keeps the page out of the queue`(
        way: WayBack, command: Command
    ) async throws {
        for kind in TestDatabase.available {
            let fixture = try await StoreFixture(kind)
            var incident = try await fixture.open()
            let lease = try #require(try await fixture.lease())
            let message = try #require(try await fixture.claim(lease).first)
            if command == .escalate {
                // The next step pages other people. Only the first step starts a new turn for Ada.
                incident = try await fixture.commit(incident, .escalate)
                incident = try await fixture.commit(incident, .escalate)
            } else {
                incident = try await fixture.commit(incident, command)
            }
            try await way.go(message, lease, fixture)
            let page = try #require(try await fixture.store.page(message.pages[0].page.id)?.page)
            #expect(page.state == .cancelled, "\(kind)")
            #expect(page.fault?.isEmpty == false && page.fault != "answered 503", "\(kind)")
        }
    }

    @Test(arguments: TestDatabase.available, WayBack.allCases)
    func `a snooze also holds pages that return to the queue`(kind: TestDatabase, way: WayBack) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        fixture.time.advance(by: .seconds(1))
        let message = try #require(try await fixture.claim(lease).first)
        let until = fixture.now + .hours(1)
        _ = try await fixture.commit(incident, .snooze(until: until))
        try await way.go(message, lease, fixture)
        #expect(try await fixture.store.nextPage([.email]) == until)
    }

    @Test(arguments: TestDatabase.available)
    func `queued pages are held until the end of a snooze`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        fixture.time.advance(by: .minutes(1))
        _ = try await fixture.commit(incident, .snooze(until: fixture.now + .hours(1)))
        #expect(try await fixture.store.nextPage([.email]) == fixture.now + .hours(1))
    }

    @Test(arguments: TestDatabase.available)
    func `a reopened incident wants the pages it withdrew, and no older ones`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        var incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        incident = try await fixture.commit(incident, .resolve, by: .source(fixture.team.source))
        #expect(
            try await fixture.store.lastLook(at: message, conversationSince: nil).withdrawn.values.sorted() == [
                "resolved by Prometheus"
            ])
        fixture.time.advance(by: .seconds(5))
        incident = try await fixture.commit(incident, .resume, by: .source(fixture.team.source))
        #expect(try await fixture.store.lastLook(at: message, conversationSince: nil).withdrawn.isEmpty)
        try await WayBack.retry.go(message, lease, fixture)
        #expect(try await fixture.store.page(message.pages[0].page.id)?.page.state == .queued)
        // It was cancelled on its way back and revived later. The provider may already know it.
        fixture.time.advance(by: .seconds(5))
        let again = try #require(try await fixture.claim(lease).first)
        incident = try await fixture.commit(incident, .resolve, by: .source(fixture.team.source))
        try await WayBack.unknownOutcome.go(again, lease, fixture)
        #expect(try await fixture.store.page(message.pages[0].page.id)?.page.state == .cancelled)
        fixture.time.advance(by: .seconds(5))
        _ = try await fixture.commit(incident, .resume, by: .source(fixture.team.source))
        let revived = try #require(try await fixture.store.page(message.pages[0].page.id)?.page)
        #expect(revived.state == .queued && revived.isPossibleDuplicate)
    }

    @Test(arguments: TestDatabase.available)
    func `a claim whose answer was lost is no attempt, and pages in flight stay`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        for (key, team) in [("one", TeamID("team-ops")), ("two", "team-other")] {
            _ = try await fixture.open(key, team: team)
        }
        let lease = try #require(try await fixture.lease())
        let messages = try await fixture.claim(lease)
        let count = try await fixture.store.requeueLostClaims(
            of: [.email], except: [messages[1].id], under: lease, at: fixture.now, hasLeft: { _ in false })
        #expect(count == 1)
        let again = try await fixture.claim(lease)
        #expect(again.map(\.id) == [messages[0].id])
        #expect(again[0].pages.map(\.page.attempts) == [1])
        #expect(again[0].pages.map(\.page.isPossibleDuplicate) == [false])
    }

    /// A failover loses the result of an attempt but not its claim.
    @Test(arguments: TestDatabase.available)
    func `pages of a lost claim that have left go again marked, and their attempt counts`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        for (key, team) in [("one", TeamID("team-ops")), ("two", "team-other")] {
            _ = try await fixture.open(key, team: team)
        }
        let lease = try #require(try await fixture.lease())
        let messages = try await fixture.claim(lease)
        let left = messages[1].pages[0].page.id
        func lost(_ inFlight: Set<String> = [], at now: Timestamp) async throws -> Set<Channel> {
            try await fixture.store.channelsOfLostClaims(except: inFlight, under: lease, at: now)
        }
        #expect(try await lost(at: fixture.now) == [.email])
        #expect(try await lost([messages[0].id], at: fixture.now) == [.email])
        #expect(try await lost(Set(messages.map(\.id)), at: fixture.now) == [])
        #expect(try await lost(at: fixture.now - .seconds(1)) == [])
        let count = try await fixture.store.requeueLostClaims(
            of: [.email], except: [], under: lease, at: fixture.now, hasLeft: { $0 == left })
        #expect(count == 2)
        let again = try await fixture.claim(lease).flatMap(\.pages).map(\.page)
        #expect(again.count == 2)
        for page in again {
            #expect(page.isPossibleDuplicate == (page.id == left))
            #expect(page.attempts == (page.id == left ? 2 : 1))
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page that was marked only in memory is stored with its mark`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        var message = try #require(try await fixture.claim(lease).first)
        message.pages[0].page.isPossibleDuplicate = true
        _ = try await fixture.record(message, .accepted(reference: nil, note: nil), .sent)
        let page = try #require(try await fixture.store.page(message.pages[0].page.id)?.page)
        #expect(page.state == .sent && page.isPossibleDuplicate)
    }

    @Test(arguments: TestDatabase.available)
    func `a look for lost claims that the database runs late leaves newer claims alone`(kind: TestDatabase) async throws
    {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let asked = fixture.now
        fixture.time.advance(by: .seconds(2))
        let message = try #require(try await fixture.claim(lease).first)
        let count = try await fixture.store.requeueLostClaims(
            of: [.email], except: [], under: lease, at: asked, hasLeft: { _ in false })
        #expect(count == 0)
        #expect(try await fixture.store.page(message.pages[0].page.id)?.page.state == .claimed)
    }

    @Test(arguments: TestDatabase.available)
    func `a result that is stored twice counts once`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let failure = Receipt.permanent(Fault(.recipient, "no such address"))
        #expect(try await fixture.record(message, failure, .fail).count == 1)
        #expect(try await fixture.record(message, failure, .fail).isEmpty)
        let timeline = try await fixture.store.timeline(of: incident.id)
        #expect(timeline.count { if case .pageFailed = $0.event { true } else { false } } == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a result counts under a new holder until it has claimed the page`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        try await WayBack.takeOver.go(message, lease, fixture)
        _ = try await fixture.record(message, .accepted(reference: nil, note: nil), .sent)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.sent])
    }

    @Test(arguments: TestDatabase.available)
    func `no words of a provider keep a result from being stored`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let words = "queued\u{0} as\u{1b}[31m " + String(repeating: "e\u{301}", count: 10_000)
        _ = try await fixture.record(message, .accepted(reference: words, note: words), .sent)
        let report = DeliveryReport(messageID: message.id, status: .failed, at: nil, explanation: words)
        let stray = DeliveryReport(messageID: "\u{0}", status: .failed, at: nil, explanation: words)
        _ = try await fixture.store.apply([stray, report], names: { $0.rawValue }, at: fixture.now)
        let page = try #require(try await fixture.store.pages(PageFilter()).first?.page)
        #expect(page.state == .failed)
        #expect(page.fault?.unicodeScalars.count == 500)
    }
}
