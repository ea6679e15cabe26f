import Database
import Domain
import Store
import TestSupport
import Testing

/// Transactions that meet in PostgreSQL, in all orders of their statements up to a bound. READ COMMITTED lets each statement
/// see what others have committed meanwhile; SQLite can't show that.
@Suite(
    .serialized, .enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct InterleavingTests {
    /// What the processes do at the same time.
    private enum Deed: String {
        case claim, acknowledge, accepted, refused, failed, delivered, undelivered, takeOver
        /// Both leases are renewed, and a commit under one claims pages under the other.
        case renew, escalate
    }

    private struct Situation: CustomTestStringConvertible {
        /// Whether the page is being handed over when it begins.
        let isClaimed: Bool
        let deeds: [Deed]

        var testDescription: String { deeds.map(\.rawValue).joined(separator: " × ") }
    }

    private static let pairs: [Situation] = [
        Situation(isClaimed: false, deeds: [.claim, .acknowledge]),
        Situation(isClaimed: true, deeds: [.accepted, .acknowledge]),
        Situation(isClaimed: true, deeds: [.refused, .acknowledge]),
        Situation(isClaimed: true, deeds: [.failed, .acknowledge]),
        Situation(isClaimed: true, deeds: [.accepted, .delivered]),
        Situation(isClaimed: true, deeds: [.accepted, .undelivered]),
        Situation(isClaimed: true, deeds: [.refused, .delivered]),
        Situation(isClaimed: true, deeds: [.failed, .delivered]),
        Situation(isClaimed: true, deeds: [.accepted, .takeOver]),
        Situation(isClaimed: true, deeds: [.refused, .takeOver]),
        Situation(isClaimed: true, deeds: [.acknowledge, .takeOver]),
        Situation(isClaimed: false, deeds: [.claim, .takeOver]),
        Situation(isClaimed: false, deeds: [.escalate, .renew]),
    ]

    private static let triples: [Situation] = [
        Situation(isClaimed: false, deeds: [.claim, .acknowledge, .takeOver]),
        Situation(isClaimed: true, deeds: [.refused, .acknowledge, .takeOver]),
        Situation(isClaimed: true, deeds: [.accepted, .delivered, .takeOver]),
        Situation(isClaimed: true, deeds: [.accepted, .delivered, .acknowledge]),
    ]

    @Test(arguments: pairs)
    private func `two of them end well in every order`(situation: Situation) async throws {
        let (orders, isComplete) = try await explore(situation, switches: 100, limit: 400)
        #expect(isComplete, "\(orders) orders")
    }

    @Test(arguments: triples)
    private func `three of them end well in the first hundred orders with two switches`(
        situation: Situation
    ) async throws {
        _ = try await explore(situation, switches: 2, limit: 100)
    }

    private func explore(
        _ situation: Situation, switches: Int, limit: Int
    ) async throws -> (orders: Int, isComplete: Bool) {
        let url = try await TestDatabase.postgres.make()
        // Starved of threads, a transaction may be idle for longer than a server would allow it.
        var options = DatabaseOptions()
        options.leaseDuration = Patience.limit * 2
        let fixture = try await StoreFixture(try openDatabase(url, options: options))
        let stepper = Stepper(actors: situation.deeds.count, observer: fixture.store.database)
        let stores = try situation.deeds.indices.map { index in
            Store(
                database: SteppedDatabase(try openDatabase(url, options: options), stepper, actor: index),
                identifiers: .counting("actor-\(index)"), leaseClock: fixture.store.leaseClock)
        }
        let result = try await Stepper.explore(limit: limit) { prefix in
            let bench = try await Bench(fixture, situation.isClaimed)
            let operations = zip(situation.deeds, stores).map { deed, store in bench.operation(deed, store) }
            let (trail, hadDeadlock) = try await stepper.run(operations, prefix: prefix, switches: switches)
            #expect(!hadDeadlock, "all wait for each other: \(trail.map(\.chosen))")
            try await bench.check(situation, "the order was \(trail.map(\.chosen))")
            return trail
        }
        for store in stores { await store.database.close() }
        await fixture.store.database.close()
        return result
    }

    /// One incident with one page, and what is done to them.
    private struct Bench: Sendable {
        let fixture: StoreFixture
        let incident: Incident
        let page: PageID
        let lease: Lease
        let escalation: Lease
        let message: ClaimedMessage?

        init(_ fixture: StoreFixture, _ isClaimed: Bool) async throws {
            self.fixture = fixture
            for table in ["follow_ups", "early_reports", "attempts", "timeline", "alert_keys", "pages", "incidents"] {
                try await fixture.store.database.run("DELETE FROM \(raw: table)")
            }
            try await fixture.store.database.run("UPDATE leases SET expires_at = 0")
            incident = try await fixture.open()
            page = try #require(try await fixture.store.pages(PageFilter()).first?.page.id)
            lease = try #require(try await fixture.lease("first"))
            escalation = try #require(try await fixture.lease("first", .escalation))
            message = isClaimed ? try await fixture.claim(lease).first : nil
            try #require(isClaimed == (message != nil))
            // The first holder is late: others may take its lease.
            try await fixture.store.database.run("UPDATE leases SET expires_at = 1")
        }

        func operation(_ deed: Deed, _ store: Store) -> @Sendable () async throws -> Void {
            let (now, request) = (fixture.now, ClaimRequest(channels: [.email], provider: "test", limit: 10))
            switch deed {
            case .claim: return { [lease] in _ = try await store.claim(request, under: lease, at: now) }
            case .acknowledge:
                return { [fixture, incident] in
                    let results = await store.commit([try fixture.change(incident, .acknowledge)], at: now)
                    if case .failed(let error) = results[0] { throw error }
                }
            case .accepted: return record(store, .accepted(reference: "reference", note: nil), .sent)
            case .refused:
                return record(store, .temporary(Fault(.transient, "busy"), retryAfter: nil), .retry(at: now))
            case .failed: return record(store, .permanent(Fault(.recipient, "no such address")), .fail)
            case .delivered: return report(store, .delivered)
            case .undelivered: return report(store, .failed)
            case .renew:
                return { [lease, escalation] in
                    let renewed = try await store.renew([lease, escalation], lasting: .seconds(5))
                    guard renewed.count == 2 else { throw DatabaseError.closed }
                }
            case .escalate:
                return { [fixture, incident, lease, escalation] in
                    let order = ClaimOrder(requests: [request], lease: lease)
                    let change = try fixture.change(incident, .escalate, lease: escalation)
                    let outcome = await store.commit([change], claiming: order, at: now)
                    guard case .committed = outcome.results[0], case .claimed = try outcome.claims?.get()[0] else {
                        throw DatabaseError.closed
                    }
                }
            case .takeOver:
                return {
                    let next = try await store.acquireLease(.dispatch, for: "second", lasting: .seconds(5))
                    guard let next else { return }
                    _ = try await store.requeueOrphans(under: next, at: now)
                    _ = try await store.claim(request, under: next, at: now)
                }
            }
        }

        private func record(
            _ store: Store, _ receipt: Receipt, _ next: DeliveryAttempt.Next
        ) -> @Sendable () async throws -> Void {
            { [fixture, message] in
                guard let message else { return }
                let attempt = DeliveryAttempt(
                    message: message, provider: "test", receipt: receipt, next: next, startedAt: fixture.now,
                    duration: .zero, receiptDueAt: nil, people: ["ada": "Ada"])
                _ = try await store.record([attempt], at: fixture.now)
            }
        }

        private func report(_ store: Store, _ status: DeliveryReport.Status) -> @Sendable () async throws -> Void {
            { [fixture, page] in
                let report = DeliveryReport(messageID: page.rawValue, status: status, at: nil, explanation: "reported")
                _ = try await store.apply([report], names: { $0.rawValue }, at: fixture.now)
            }
        }

        /// Checks what must be true whatever the order was.
        func check(_ situation: Situation, _ comment: Comment) async throws {
            let row = try #require(
                try await fixture.store.database.run(
                    """
                    SELECT state, unwanted, epoch, is_possible_duplicate, attempts,
                      (SELECT COUNT(*) FROM follow_ups) AS follow_ups, (SELECT COUNT(*) FROM early_reports) AS early
                    FROM pages WHERE id = \(page)
                    """
                ).rows.first)
            let state: Page.State = try row.get("state")
            let isUnwanted = try row.get("unwanted", as: String?.self) != nil
            let deeds = Set(situation.deeds)
            let owed: Int = try row.get("follow_ups")
            if deeds.contains(.acknowledge) {
                // Whoever holds it now must not send it again.
                #expect(state != .queued, comment)
                if state == .claimed { #expect(isUnwanted, comment) }
            }
            if deeds.contains(.accepted) && !deeds.contains(.delivered) && !deeds.contains(.undelivered) {
                let isAgain: Bool = try row.get("is_possible_duplicate")
                #expect(state == .sent || (deeds.contains(.takeOver) && state == .claimed && isAgain), comment)
            }
            if deeds.contains(.accepted) && deeds.contains(.delivered) && !deeds.contains(.takeOver) {
                #expect(state == .delivered, comment)
                #expect(try row.get("early", as: Int.self) == 0, comment)
            }
            if deeds == [.accepted, .undelivered] {
                #expect(state == .failed, comment)
                #expect(owed == 1, "exactly one follow-up; \(comment)")
            }
            if deeds.contains(.failed) { #expect(state == .failed && owed == 1, comment) }
            if deeds == [.refused, .delivered] { #expect([.queued, .delivered].contains(state), comment) }
            if deeds.contains(.takeOver) && !isUnwanted && !deeds.contains(.acknowledge) {
                let epoch: Int64? = try row.get("epoch")
                if state == .claimed { #expect(epoch == lease.epoch + 1, comment) }
            }
        }
    }
}
