import Database
import Domain
import Store
import Synchronization
import TestSupport
import Testing

/// Pages that are claimed in the transaction that makes them due.
@Suite struct JoinedClaimTests {
    private func order(_ lease: Lease, _ channels: [Channel] = [.email]) -> ClaimOrder {
        ClaimOrder(requests: [ClaimRequest(channels: channels, provider: "test", limit: 16)], lease: lease)
    }

    @Test(arguments: TestDatabase.kinds)
    func `an incident and the claim of its page are one transaction`(kind: TestDatabase) async throws {
        let workloads = Mutex<[Workload]>([])
        let fixture = try await StoreFixture(
            ProbedDatabase(try await kind.open()) { workload, _ throws(DatabaseError) in
                workloads.withLock { $0.append(workload) }
            })
        let lease = try #require(try await fixture.lease())
        workloads.withLock { $0 = [] }
        let outcome = await fixture.store.commit([fixture.opening()], claiming: order(lease), at: fixture.now)
        guard case .committed(let incident) = outcome.results[0],
            case .claimed(let messages) = try outcome.claims?.get()[0]
        else { throw DatabaseError.closed }
        #expect(Set(workloads.withLock { $0 }) == [.commit])
        #expect(messages.map { $0.pages.map(\.incidentID) } == [[incident.id]])
        let page = try #require(try await fixture.store.page(messages[0].pages[0].page.id)?.page)
        #expect(page.state == .claimed && page.attempts == 1)
        #expect(try await fixture.record(messages[0], .accepted(reference: "1", note: nil), .sent).count == 0)
        #expect(try await fixture.store.page(page.id)?.page.state == .sent)
    }

    @Test(arguments: TestDatabase.kinds)
    func `an old lease claims nothing and costs no change`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let old = try #require(try await fixture.lease())
        fixture.time.advance(by: .seconds(6))
        _ = try #require(try await fixture.lease("two"))
        let outcome = await fixture.store.commit([fixture.opening()], claiming: order(old), at: fixture.now)
        guard case .committed = outcome.results[0], case .fenced = try outcome.claims?.get()[0] else {
            throw DatabaseError.closed
        }
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.queued])
    }

    @Test(
        arguments: TestDatabase.kinds,
        ["SELECT epoch FROM leases", "UPDATE pages SET state = 'claimed'", "WITH RECURSIVE lines"])
    func `a claim that the database refuses costs no change`(kind: TestDatabase, words: String) async throws {
        let faults = Faults()
        let fixture = try await StoreFixture(faults.database(try await kind.open()))
        let lease = try #require(try await fixture.lease())
        for error in [DatabaseError.statement(code: "XX000", message: "a fault of the test"), .decoding("a fault")] {
            faults.fail(words, with: error)
            let commits = [fixture.opening("\(error)"), fixture.opening("\(error) again")]
            let outcome = await fixture.store.commit(commits, claiming: order(lease), at: fixture.now)
            faults.stop()
            #expect(outcome.results.allSatisfy { if case .committed = $0 { true } else { false } }, "\(error)")
            #expect(outcome.claims == nil)
        }
        #expect(faults.count == 2)
        #expect(try await fixture.claim(lease).flatMap(\.pages).count == 4)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a lost answer says so to the claim too`(kind: TestDatabase) async throws {
        let losing = LosingDatabase(try await kind.open(), when: "UPDATE pages SET state = 'claimed'")
        let fixture = try await StoreFixture(losing)
        let lease = try #require(try await fixture.lease())
        losing.loseNextAnswer()
        let outcome = await fixture.store.commit([fixture.opening()], claiming: order(lease), at: fixture.now)
        guard case .failed = outcome.results[0], case .failure = outcome.claims else { throw DatabaseError.closed }
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.claimed])
    }
}
