import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct PageTests {
    let accepted = Receipt.accepted(reference: "r", note: nil)

    @Test(arguments: TestDatabase.available)
    func `a claimed page is sent once, by its claimer`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        #expect(try await fixture.claim(lease).isEmpty)
        _ = try await fixture.record(message, accepted, .sent)
        #expect(try await fixture.claim(lease).isEmpty)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.sent])
    }

    @Test(arguments: TestDatabase.available)
    func `an acknowledgement cancels unclaimed pages and marks claimed ones`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        let before = try await fixture.open("before")
        _ = await fixture.store.commit([try fixture.change(before, .acknowledge)], at: fixture.now)
        #expect(try await fixture.claim(lease).isEmpty)
        let after = try await fixture.open("after")
        #expect(try await fixture.claim(lease).count == 1)
        _ = await fixture.store.commit([try fixture.change(after, .acknowledge)], at: fixture.now)
        #expect(try await Set(fixture.store.pages(PageFilter()).map(\.page.state)) == [.claimed, .cancelled])
    }

    @Test(arguments: TestDatabase.available)
    func `claims of several workers are one transaction, and each gets its own`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let store = fixture.store
        _ = try await fixture.open("one")
        let second = try await fixture.open("two")
        try await store.database.run("UPDATE pages SET channel = 'sms' WHERE incident_id = \(second.id)")
        let lease = try #require(try await fixture.lease())
        let requests = [Channel.voice, .sms, .email].map {
            ClaimRequest(channels: [$0], provider: "\($0)", limit: 10)
        }
        let channels = { (results: [ClaimResult]) in
            results.map { result -> [Channel]? in
                guard case .claimed(let messages) = result else { return nil }
                return messages.flatMap(\.pages).map(\.page.channel)
            }
        }
        let results = try await store.claim(requests, under: lease, at: fixture.now)
        #expect(channels(results) == [nil, [.sms], [.email]])
        guard case .nothing(next: nil) = results[0] else { throw DatabaseError.closed }
        let rows = try await store.database.run("SELECT provider FROM pages ORDER BY provider").rows
        #expect(try rows.map { try $0.get("provider", as: String.self) } == ["email", "sms"])
        let again = try await store.claim(requests, under: lease, at: fixture.now)
        #expect(again.allSatisfy { if case .nothing(next: nil) = $0 { true } else { false } })
        // A former holder gets nothing, for none of them.
        fixture.time.advance(by: .seconds(6))
        _ = try #require(try await fixture.lease("two"))
        _ = try await fixture.open("three")
        let refused = try await store.claim(requests, under: lease, at: fixture.now)
        #expect(refused.allSatisfy { if case .fenced = $0 { true } else { false } })
    }

    @Test(arguments: TestDatabase.available)
    func `a retry waits for its time and keeps its message`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let unknown = Receipt.unknown(Fault(.transient, "cut off"))
        _ = try await fixture.record(message, unknown, .retry(at: fixture.now + .seconds(2)))
        #expect(try await fixture.claim(lease).isEmpty)
        #expect(try await fixture.store.nextPage([.email]) == fixture.now + .seconds(2))
        fixture.time.advance(by: .seconds(2))
        let again = try #require(try await fixture.claim(lease).first)
        #expect(again.id == message.id)
        #expect(again.pages[0].page.attempts == 2)
        #expect(again.pages[0].page.isPossibleDuplicate)
    }

    @Test(arguments: TestDatabase.available)
    func `a page that waits longer than its message leaves under a new id`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        for key in ["one", "two", "three"] { _ = try await fixture.open(key) }
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        #expect(message.pages.count == 3)
        _ = try await fixture.record(
            message, .temporary(Fault(.transient, "busy"), retryAfter: nil), .retry(at: fixture.now))
        // The first page gave the message its id.
        let (first, later) = (message.pages[0].page.id, fixture.now + .hours(1))
        try await fixture.store.database.run("UPDATE pages SET due_at = \(later) WHERE id = \(first)")
        let again = try #require(try await fixture.claim(lease).first)
        #expect(again.id == message.id)
        #expect(again.pages.count == 2)
        _ = try await fixture.store.apply(
            [DeliveryReport(messageID: message.id, status: .delivered, at: nil, explanation: "arrived")],
            names: { $0.rawValue }, at: fixture.now)
        fixture.time.advance(by: .hours(1))
        let last = try #require(try await fixture.claim(lease).first)
        #expect(last.id != message.id)
        #expect(last.pages.map(\.page.id) == [first])
    }

    @Test(arguments: TestDatabase.available)
    func `reports move states forward only, whenever and however often they come`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        func report(_ id: String, _ status: DeliveryReport.Status) async throws -> [EndedPage] {
            let report = DeliveryReport(messageID: id, status: status, at: nil, explanation: "words")
            return try await fixture.store.apply([report], names: { $0.rawValue }, at: fixture.now)
        }
        // Before the result of the attempt is stored.
        #expect(try await report(message.id, .delivered).isEmpty)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.claimed])
        _ = try await fixture.record(message, accepted, .sent)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
        for status in [DeliveryReport.Status.delivered, .failed, .pending] {
            #expect(try await report(message.id, status).isEmpty)
        }
        #expect(try await report("unknown", .failed).isEmpty)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
    }

    @Test(arguments: TestDatabase.available)
    func `an early report counts for what is left of a message whose other page was withdrawn`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        let withdrawn = try await fixture.open("withdrawn")
        _ = try await fixture.open("wanted")
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.commit(withdrawn, .acknowledge)
        let report = DeliveryReport(messageID: message.id, status: .delivered, at: nil, explanation: "words")
        _ = try await fixture.store.apply([report], names: { $0.rawValue }, at: fixture.now)
        let attempts = message.pages.map { page in
            var part = message
            part.pages = [page]
            let isWithdrawn = page.incidentID == withdrawn.id
            return DeliveryAttempt(
                message: part, provider: "test", receipt: isWithdrawn ? .notSent(reason: "acknowledged") : accepted,
                next: isWithdrawn ? .retry(at: fixture.now) : .sent, startedAt: fixture.now, duration: .zero,
                receiptDueAt: nil, people: [:])
        }
        _ = try await fixture.store.record(attempts, at: fixture.now)
        #expect(try await Set(fixture.store.pages(PageFilter()).map(\.page.state)) == [.cancelled, .delivered])
    }

    private func report(
        _ id: String, _ status: DeliveryReport.Status, _ fixture: StoreFixture
    ) async throws -> [EndedPage] {
        let report = DeliveryReport(messageID: id, status: status, at: nil, explanation: "words")
        return try await fixture.store.apply([report], names: { $0.rawValue }, at: fixture.now)
    }

    @Test(arguments: TestDatabase.available)
    func `of two reports before the answer, the one that it arrived counts`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        for status in [DeliveryReport.Status.failed, .delivered, .failed] {
            #expect(try await report(message.id, status, fixture).isEmpty)
        }
        #expect(try await fixture.record(message, accepted, .sent).isEmpty)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
    }

    /// The report arrives before or after the result of the attempt, whose outcome was unknown.
    @Test(arguments: TestDatabase.available, [false, true])
    func `a delivered page is not retried`(kind: TestDatabase, isEarly: Bool) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let lost = Receipt.unknown(Fault(.transient, "lost"))
        if isEarly { _ = try await report(message.id, .delivered, fixture) }
        _ = try await fixture.record(message, lost, .retry(at: fixture.now))
        if !isEarly { _ = try await report(message.id, .delivered, fixture) }
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
        #expect(try await fixture.claim(lease).isEmpty)
    }

    @Test(arguments: TestDatabase.available)
    func `a page that arrives after it counted as failed says so, once`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(message, .permanent(Fault(.account, "no")), .fail)
        for _ in 0..<2 { #expect(try await report(message.id, .delivered, fixture).isEmpty) }
        let page = try #require(try await fixture.store.pages(PageFilter()).first)
        #expect(page.page.state == .failed)
        #expect(page.page.fault == "no It was reported as delivered later.")
        let arrivals = try await fixture.store.timeline(of: incident.id).filter {
            if case .pageDelivered = $0.event { true } else { false }
        }
        #expect(arrivals.count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a report is found by the provider's own id`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(message, .accepted(reference: "theirs", note: nil), .sent)
        _ = try await report("theirs", .delivered, fixture)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
    }

    @Test(arguments: TestDatabase.available)
    func `sent is not delivered: without a report in time it has failed`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(message, accepted, .sent, reportIn: .seconds(3))
        #expect(
            try await fixture.store.failUnreported(under: lease, names: { $0.rawValue }, at: fixture.now)?.count == 0)
        fixture.time.advance(by: .seconds(3))
        let ended = try await fixture.store.failUnreported(under: lease, names: { $0.rawValue }, at: fixture.now)
        #expect(ended?.map(\.page.userID) == ["ada"])
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.failed])
    }

    @Test(arguments: TestDatabase.available)
    func `several pages to one person are one message, and a new team goes first`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        for number in 0..<30 { _ = try await fixture.open("storm \(number)") }
        _ = try await fixture.open("other team", team: "team-other")
        let lease = try #require(try await fixture.lease())
        let messages = try await fixture.claim(lease, limit: 2)
        #expect(messages.map { $0.pages[0].page.userID } == ["ada", "cleo"])
        #expect(messages[0].pages.count == 30)
        #expect(messages[1].pages.count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `pages that follow a message closely are bundled`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let lease = try #require(try await fixture.lease())
        _ = try await fixture.open("first")
        #expect(try await fixture.claim(lease, window: .seconds(3)).count == 1)
        fixture.time.advance(by: .seconds(1))
        for key in ["second", "third"] { _ = try await fixture.open(key) }
        #expect(try await fixture.claim(lease, window: .seconds(3)).isEmpty)
        let free = try await fixture.store.nextPage([.email], bundlingWindow: .seconds(3))
        #expect(free == fixture.now + .seconds(2))
        fixture.time.advance(by: .seconds(2))
        #expect(try await fixture.claim(lease, window: .seconds(3)).map(\.pages.count) == [2])
    }

    @Test(arguments: TestDatabase.available)
    func `withheld, failed and cancelled pages can be sent again, others can't`(kind: TestDatabase)
        async throws
    {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let request = ClaimRequest(channels: [.email], provider: "test", limit: 10)
        let withheld = try #require(try await fixture.store.withhold(request, under: lease, at: fixture.now)?.first)
        #expect(try await fixture.claim(lease).isEmpty)
        let copy = try #require(try await fixture.store.retryPage(withheld.page.id, at: fixture.now))
        #expect(copy.page.state == .queued)
        #expect(try await fixture.store.retryPage(copy.page.id, at: fixture.now) == nil)
        #expect(try await fixture.claim(lease).count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `a rule fires once in an escalation cycle, whatever is committed`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        var transition = try fixture.change(incident, .note("again")).transition
        transition.pages = fixture.opening().transition.pages
        _ = await fixture.store.commit([Commit(before: incident, transition: transition)], at: fixture.now)
        #expect(try await fixture.store.pages(PageFilter()).count == 1)
    }
}
