import Database
import Dispatch
import Domain
import Store
import Synchronization
import TestSupport
import Testing

/// A process that stops within a transaction on PostgreSQL must not block the others.
@Suite(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct FrozenProcessTests {
    /// Two processes on one database. The first stops before a statement until the test ends.
    private struct Pair {
        let fixture: StoreFixture
        let frozen: Store
        let other: Store
        let isStopped = AsyncStream<Void>.makeStream()
        let thaw = DispatchSemaphore(value: 0)

        init(before stop: @escaping @Sendable (String) -> Bool) async throws {
            var options = DatabaseOptions()
            options.leaseDuration = .seconds(1)
            let url = try await TestDatabase.postgres.make()
            let (isStopped, thaw) = (isStopped.continuation, thaw)
            let wasStopped = Mutex(false)
            let database = ProbedDatabase(try openDatabase(url, options: options)) { _, text throws(DatabaseError) in
                guard stop(text),
                    wasStopped.withLock({ was in
                        defer { was = true }; return !was
                    })
                else { return }
                isStopped.yield()
                thaw.wait()
            }
            fixture = try await StoreFixture(try openDatabase(url, options: options))
            let clock = fixture.time
            frozen = Store(
                database: database, identifiers: .counting("frozen"), leaseClock: .manual { clock.now })
            other = Store(
                database: try openDatabase(url, options: options), identifiers: .counting("other"),
                leaseClock: .manual { clock.now })
        }

        func waitUntilStopped() async { for await _ in isStopped.stream { return } }
    }

    @Test func `a holder that freezes inside a transaction does not delay a take-over`() async throws {
        let pair = try await Pair { $0.contains("CASE WHEN unwanted IS NULL THEN 'queued'") }
        let lease = try #require(try await pair.frozen.acquireLease(.dispatch, for: "frozen", lasting: .seconds(1)))
        let now = pair.fixture.now
        async let requeued = pair.frozen.requeueOrphans(under: lease, at: now)
        await pair.waitUntilStopped()
        pair.fixture.time.advance(by: .seconds(2))

        var taken: Lease?
        // Like the supervisor, retry an attempt that a lock blocked.
        for _ in 0..<5 where taken == nil {
            taken = try? await pair.other.acquireLease(.dispatch, for: "other", lasting: .seconds(1))
        }
        #expect(taken?.epoch == lease.epoch + 1)

        pair.thaw.signal()
        do {
            let count = try await requeued
            Issue.record("the frozen process wrote: \(String(describing: count))")
        } catch {
            // The server closed its connection.
        }
    }

    @Test func `a process that freezes while opening an incident does not block numbering`() async throws {
        let pair = try await Pair { $0 == "NOTIFY" }
        let (now, first, second) = (pair.fixture.now, pair.fixture.opening("first"), pair.fixture.opening("second"))
        async let opened = pair.frozen.commit([first], at: now)
        await pair.waitUntilStopped()
        let result = await pair.other.commit([second], at: now)[0]
        guard case .committed(let incident) = result else {
            Issue.record("\(result)")
            pair.thaw.signal()
            return
        }
        #expect(incident.number == 2)
        pair.thaw.signal()
        _ = await opened
    }

    @Test func `numbers continue from an older version's counter`() async throws {
        let fixture = try await StoreFixture(.postgres)
        try await fixture.store.database.run("UPDATE counters SET value = 41 WHERE name = 'incident'")
        #expect(try await fixture.open().number == 42)
        #expect(try await fixture.store.lastIncidentNumber() == 42)
    }

    @Test func `a change of the schema may take longer than any other statement`() async throws {
        var options = DatabaseOptions()
        options.statementTimeout = .seconds(1)
        let url = try await TestDatabase.postgres.make()
        let (database, other) = (try openDatabase(url, options: options), try openDatabase(url))
        let store = Store(database: database, identifiers: .counting())
        let (locked, continuation) = AsyncStream<Void>.makeStream()
        async let slow: Void = other.write { (connection) throws(DatabaseError) in
            _ = try connection.query("SELECT pg_advisory_xact_lock(7243727)")
            continuation.yield()
            _ = try connection.query("SELECT pg_sleep(1.5)")
        }
        for await _ in locked { break }
        #expect(try await store.migrate(at: Timestamp(seconds: 0)) == .current(Migration.all.count))
        try await slow
    }
}
