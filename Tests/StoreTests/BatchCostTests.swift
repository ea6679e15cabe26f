import Database
import Domain
import Store
import Synchronization
import TestSupport
import Testing

/// A batch takes as many statements as a single change, whatever its size.
@Suite struct BatchCostTests {
    private static let sizes = [1, 16, 64]

    private final class Counter: Sendable {
        private let count = Mutex(0)

        func add() { count.withLock { $0 += 1 } }

        func take() -> Int {
            count.withLock { count in
                defer { count = 0 }
                return count
            }
        }
    }

    private let counter = Counter()

    private func fixture(_ kind: TestDatabase) async throws -> StoreFixture {
        let counter = counter
        return try await StoreFixture(
            ProbedDatabase(try await kind.open()) { (_, _) throws(DatabaseError) in counter.add() })
    }

    /// Counts the statements of what a body does with 1, 16 and 64 keys.
    private func counts(
        _ kind: TestDatabase, _ what: String, _ body: (StoreFixture, [String], () -> Void) async throws -> Void
    ) async throws -> [Int] {
        let fixture = try await fixture(kind)
        var counts: [Int] = []
        for size in BatchCostTests.sizes {
            try await body(fixture, (0..<size).map { "\(what)-\(size)-\($0)" }, { _ = counter.take() })
            counts.append(counter.take())
        }
        return counts
    }

    private func open(_ fixture: StoreFixture, _ keys: [String]) async throws -> [Incident] {
        try committed(await fixture.store.commit(keys.map { fixture.opening($0) }, at: fixture.now))
    }

    private func committed(_ results: [CommitResult]) throws -> [Incident] {
        try results.map { result in
            guard case .committed(let incident) = result else { throw DatabaseError.closed }
            return incident
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `openings of many keys take as many statements as one`(kind: TestDatabase) async throws {
        let numbers = try await counts(kind, "openings") { fixture, keys, begin in
            begin()
            let incidents = try await open(fixture, keys)
            #expect(incidents.count == keys.count)
        }
        #expect(Set(numbers).count == 1, "\(numbers)")
    }

    @Test(arguments: TestDatabase.kinds)
    func `repeats for many incidents take as many statements as one`(kind: TestDatabase) async throws {
        let numbers = try await counts(kind, "repeats") { fixture, keys, begin in
            let incidents = try await open(fixture, keys)
            let changes = try zip(incidents, keys).map { incident, key in
                try fixture.change(
                    incident, .receive(fixture.team.event(key: key), autoResolveAfter: nil))
            }
            begin()
            let after = try committed(await fixture.store.commit(changes, at: fixture.now))
            #expect(after.allSatisfy { $0.alertCount == 2 })
        }
        #expect(Set(numbers).count == 1, "\(numbers)")
    }

    @Test(arguments: TestDatabase.kinds)
    func `recoveries of many incidents take as many statements as one`(kind: TestDatabase) async throws {
        let numbers = try await counts(kind, "recoveries") { fixture, keys, begin in
            let changes = try await open(fixture, keys).map { try fixture.change($0, .resolve) }
            begin()
            let after = try committed(await fixture.store.commit(changes, at: fixture.now))
            #expect(after.allSatisfy { !$0.isOpen })
        }
        #expect(Set(numbers).count == 1, "\(numbers)")
    }

    @Test(arguments: TestDatabase.kinds)
    func `many keys are looked up with one statement`(kind: TestDatabase) async throws {
        let numbers = try await counts(kind, "lookups") { fixture, keys, begin in
            let incidents = try await open(fixture, keys)
            let lookups = (keys + keys.map { "new-\($0)" }).map {
                IncidentLookup(sourceID: "source", teamID: "team-ops", key: DedupKey($0), resolvedSince: nil)
            }
            begin()
            let found = try await fixture.store.incidents(of: lookups).map { try $0.get()?.id }
            #expect(found == incidents.map(\.id) + keys.map { _ in nil })
        }
        #expect(Set(numbers).count == 1, "\(numbers)")
    }

    @Test(arguments: TestDatabase.kinds)
    func `the results of many pages take as many statements as one`(kind: TestDatabase) async throws {
        var known: Lease?
        let numbers = try await counts(kind, "results") { fixture, keys, begin in
            _ = try await open(fixture, keys)
            if known == nil { known = try await fixture.lease() }
            let lease = try #require(known)
            let message = try #require(try await fixture.claim(lease).first)
            #expect(message.pages.count == keys.count)
            begin()
            _ = try await fixture.record(message, .accepted(reference: "r", note: nil), .sent)
        }
        #expect(Set(numbers).count == 1, "\(numbers)")
    }
}
