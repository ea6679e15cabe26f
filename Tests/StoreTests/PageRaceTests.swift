import Database
import Domain
import Foundation
import Store
import Synchronization
import TestSupport
import Testing

/// A transaction that has run a statement and stays open until the test ends it.
private final class HeldTransaction: Sendable {
    private let gate = DispatchSemaphore(value: 0)
    private let task: Task<Void, any Error>

    init(_ statement: SQL, on database: any Database) async throws {
        let gate = gate
        let (began, beginning) = AsyncStream<Void>.makeStream()
        task = Task {
            // The only workload without time-outs.
            try await database.write(.migration) { (connection) throws(DatabaseError) in
                _ = try connection.query(statement)
                beginning.yield()
                gate.wait()
            }
        }
        var iterator = began.makeAsyncIterator()
        _ = await iterator.next()
    }

    func end() async throws {
        gate.signal()
        try await task.value
    }
}

/// Orders of statements that only PostgreSQL allows. Locks of another transaction force them.
@Suite(.enabled(if: TestDatabase.available.contains(.postgres), "use scripts/test, which starts PostgreSQL"))
struct PageRaceTests {
    /// Waits until a number of statements wait for locks, or another task is done.
    private func waitForBlocked(
        _ count: Int, on database: any Database, or isDone: @Sendable () -> Bool = { false }
    ) async throws {
        try await Patience.wait(for: "\(count) statements wait for locks") {
            if isDone() { return true }
            let rows = try await database.run(
                """
                SELECT COUNT(*) AS count FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """
            ).rows
            return try rows[0].get("count", as: Int.self) >= count
        }
    }

    @Test func `a report that comes while its hand-over's answer is being stored is not lost`() async throws {
        let fixture = try await StoreFixture(.postgres)
        _ = try await fixture.open()
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        let database = fixture.store.database
        // Early reports can be read but not written. The report has read its page and blocks there.
        let held = try await HeldTransaction("LOCK TABLE early_reports IN SHARE MODE", on: database)
        let report = DeliveryReport(messageID: message.id, status: .delivered, at: nil, explanation: "arrived")
        async let applied = fixture.store.apply([report], names: { $0.rawValue }, at: fixture.now)
        try await waitForBlocked(1, on: database)
        let isStored = Mutex(false)
        async let stored: Void = {
            _ = try await fixture.record(message, .accepted(reference: nil, note: nil), .sent)
            isStored.withLock { $0 = true }
        }()
        try await waitForBlocked(2, on: database, or: { isStored.withLock { $0 } })
        try await held.end()
        _ = try await applied
        try await stored
        #expect(try await fixture.store.pages(PageFilter()).map(\.page.state) == [.delivered])
    }

    @Test func `a claim never waits: it leaves rows that others are changing`() async throws {
        let fixture = try await StoreFixture(.postgres)
        let incident = try await fixture.open()
        _ = try await fixture.open("other", team: "team-other")
        let lease = try #require(try await fixture.lease())
        let lock: SQL = "SELECT id FROM pages WHERE incident_id = \(incident.id) FOR UPDATE"
        let held = try await HeldTransaction(lock, on: fixture.store.database)
        #expect(try await fixture.claim(lease).map { $0.pages[0].page.userID } == ["cleo"])
        let request = ClaimRequest(channels: [.email], provider: "test", limit: 10)
        guard case .contended = try await fixture.store.claim(request, under: lease, at: fixture.now) else {
            Issue.record("a claim that finds every page locked says so")
            return try await held.end()
        }
        try await held.end()
        #expect(try await fixture.claim(lease).map { $0.pages[0].page.userID } == ["ada"])
    }

    @Test func `a message whose first page is locked leaves under the id of another page`() async throws {
        let fixture = try await StoreFixture(.postgres)
        for key in ["one", "two", "three"] { _ = try await fixture.open(key) }
        let lease = try #require(try await fixture.lease())
        let first = try #require(try await fixture.store.pages(PageFilter()).map(\.page.id).min())
        let lock: SQL = "SELECT id FROM pages WHERE id = \(first) FOR UPDATE"
        let held = try await HeldTransaction(lock, on: fixture.store.database)
        let early = try await fixture.claim(lease)
        try await held.end()
        let late = try await fixture.claim(lease)
        #expect(early.map(\.pages.count) == [2])
        #expect(late.map(\.pages.count) == [1])
        #expect(early.map(\.id) != late.map(\.id))
        _ = try await fixture.record(early[0], .accepted(reference: nil, note: nil), .sent)
        let states = try await fixture.store.pages(PageFilter()).map(\.page.state)
        #expect(states.count { $0 == .sent } == 2)
    }

    @Test func `a repeated message is claimed as a whole or not at all`() async throws {
        let fixture = try await StoreFixture(.postgres)
        let incident = try await fixture.open("one")
        _ = try await fixture.open("two")
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        _ = try await fixture.record(
            message, .temporary(Fault(.transient, "busy"), retryAfter: nil), .retry(at: fixture.now))
        let lock: SQL = "SELECT id FROM pages WHERE incident_id = \(incident.id) FOR UPDATE"
        let held = try await HeldTransaction(lock, on: fixture.store.database)
        #expect(try await fixture.claim(lease).isEmpty)
        try await held.end()
        let again = try await fixture.claim(lease)
        #expect(again.map(\.id) == [message.id])
        #expect(again.first?.pages.count == 2)
    }

    @Test func `acknowledgements and results that lock the same pages in different orders all finish`() async throws {
        let changes = Mutex(0)
        let fixture = try await StoreFixture(
            ProbedDatabase(try await TestDatabase.postgres.open()) { (_, statement) throws(DatabaseError) in
                let isChange = statement.contains("UPDATE incidents") || statement.contains("THEN 'queued'")
                if isChange { changes.withLock { $0 += 1 } }
            })
        var incidents: [Incident] = []
        for index in 0..<20 { incidents.append(try await fixture.open("key \(index)")) }
        let lease = try #require(try await fixture.lease())
        let message = try #require(try await fixture.claim(lease).first)
        #expect(message.pages.count == 20)
        // The reverse of the commit's order.
        var backwards = message
        backwards.pages.reverse()
        let commits = try incidents.map { try fixture.change($0, .acknowledge) }
        // Both block at a page in the middle, so that each holds some locks when released.
        let middle = message.pages.map(\.page.id).sorted()[10]
        let database = fixture.store.database
        let held = try await HeldTransaction("SELECT id FROM pages WHERE id = \(middle) FOR UPDATE", on: database)
        async let written = fixture.store.commit(commits, at: fixture.now)
        try await waitForBlocked(1, on: database)
        let passing = Receipt.temporary(Fault(.transient, "busy"), retryAfter: nil)
        async let recorded = fixture.record(backwards, passing, .retry(at: fixture.now))
        try await waitForBlocked(2, on: database)
        try await held.end()
        for result in await written { if case .failed(let error) = result { throw error } }
        _ = try await recorded
        #expect(try await Set(fixture.store.pages(PageFilter()).map(\.page.state)) == [.cancelled])
        // One statement for the incidents, and one for each page.
        #expect(changes.withLock { $0 } == 21, "no transaction had to begin again")
    }
}
