import Database
import Domain
import Store
import TestSupport
import Testing

@Suite struct LeaseTests {
    @Test(arguments: TestDatabase.available)
    func `one process holds the lease, and another takes it after it expired`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let first = try #require(try await fixture.lease("one"))
        #expect(try await fixture.lease("two") == nil)
        fixture.time.advance(by: .seconds(4))
        #expect(try await fixture.store.renew([first], lasting: .seconds(5)) == [first])
        fixture.time.advance(by: .seconds(4))
        #expect(try await fixture.lease("two") == nil)
        fixture.time.advance(by: .seconds(1))
        let second = try #require(try await fixture.lease("two"))
        #expect(second.epoch == first.epoch + 1)
        #expect(try await fixture.store.renew([first], lasting: .seconds(5)).isEmpty)
    }

    @Test(arguments: TestDatabase.available)
    func `a released lease is free at once`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let first = try #require(try await fixture.lease("one"))
        try await fixture.store.release(first)
        #expect(try await fixture.store.leaseStatuses()[.dispatch]?.isHeld == false)
        #expect(try await fixture.lease("two") != nil)
    }

    @Test(arguments: TestDatabase.available)
    func `a lease from a clock that was set back does not block for an hour`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        _ = try await fixture.lease("one")
        fixture.time.advance(by: .hours(-1))
        #expect(try await fixture.lease("two") != nil)
    }

    @Test(arguments: TestDatabase.kinds)
    func `one of many simultaneous requests gets the lease`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let winners = try await withThrowingTaskGroup(of: Lease?.self) { group in
            for index in 0..<20 { group.addTask { try await fixture.lease("process \(index)") } }
            return try await group.reduce(0) { $0 + ($1 == nil ? 0 : 1) }
        }
        #expect(winners == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `one process may escalate while another dispatches, and each loses only its own duty`(
        kind: TestDatabase
    ) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let escalation = try #require(try await fixture.lease("one", .escalation))
        let dispatch = try #require(try await fixture.lease("two", .dispatch))
        fixture.time.advance(by: .seconds(6))
        #expect(try await fixture.store.renew([dispatch], lasting: .seconds(5)) == [dispatch])
        #expect(try await fixture.lease("three", .dispatch) == nil)
        _ = try #require(try await fixture.lease("three", .escalation))

        let change = try fixture.change(incident, .escalate, lease: escalation)
        guard case .fenced = await fixture.store.commit([change], at: fixture.now)[0] else {
            throw DatabaseError.closed
        }
        #expect(try await fixture.claim(dispatch).count == 1)
    }

    @Test(arguments: TestDatabase.available)
    func `leases are renewed together, except one that another process has taken`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let escalation = try #require(try await fixture.lease("one", .escalation))
        let dispatch = try #require(try await fixture.lease("one", .dispatch))
        fixture.time.advance(by: .seconds(4))
        let both: Set = [escalation, dispatch]
        #expect(try await fixture.store.renew([escalation, dispatch], lasting: .seconds(5)) == both)
        fixture.time.advance(by: .seconds(4))
        #expect(try await fixture.lease("two", .escalation) == nil)
        #expect(try await fixture.lease("two", .dispatch) == nil)
        try await fixture.store.release(escalation)
        _ = try #require(try await fixture.lease("two", .escalation))
        #expect(try await fixture.store.renew([escalation, dispatch], lasting: .seconds(5)) == [dispatch])
        #expect(try await fixture.store.leaseStatuses()[.escalation]?.holder == "two")
        #expect(try await fixture.store.renew([], lasting: .seconds(5)).isEmpty)
        // A renewal that was on its way when the lease was released comes too late.
        try await fixture.store.release(dispatch)
        #expect(try await fixture.store.renew([dispatch], lasting: .seconds(5)).isEmpty)
        #expect(try await fixture.store.leaseStatuses()[.dispatch]?.isHeld == false)
    }

    @Test(arguments: TestDatabase.available)
    func `a former holder can write nothing`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        let old = try #require(try await fixture.lease("one"))
        let message = try #require(try await fixture.claim(old).first)
        fixture.time.advance(by: .seconds(6))
        let new = try #require(try await fixture.lease("two"))

        let fenced = await fixture.store.commit([try fixture.change(incident, .escalate, lease: old)], at: fixture.now)
        guard case .fenced = fenced[0] else { throw DatabaseError.closed }
        #expect(try await fixture.store.requeueOrphans(under: old, at: fixture.now) == nil)
        #expect(try await fixture.claim(old).isEmpty)
        #expect(try await fixture.store.incident(incident.id) == incident)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.claimed])

        // The new holder sends it again with the same message id, marked as a possible duplicate.
        #expect(try await fixture.store.requeueOrphans(under: new, at: fixture.now) == 1)
        let again = try #require(try await fixture.claim(new).first)
        #expect(again.id == message.id)
        #expect(again.pages.map(\.page.isPossibleDuplicate) == [true])
        // The old holder's result is too late now.
        _ = try await fixture.record(message, .permanent(Fault(.recipient, "no such address")), .fail)
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.claimed])
    }
}
