import Database
import Dispatch
import TestSupport
import Testing

/// What a caller gets from a database that does not answer.
@Suite struct DeadlineTests {
    @Test(arguments: TestDatabase.available)
    func `a caller with a deadline does not wait for a frozen database`(kind: TestDatabase) async throws {
        let database = try await kind.open()
        let thaw = DispatchSemaphore(value: 0)
        let started = ContinuousClock.now
        await #expect(throws: DatabaseError.self) {
            try await DatabaseDeadline.within(.milliseconds(50)) {
                try await database.write { (_) throws(DatabaseError) in thaw.wait() }
            }
        }
        // Without the deadline it would never end.
        #expect(ContinuousClock.now - started < Patience.limit)
        thaw.signal()
        #expect(
            try await database.read { (connection) throws(DatabaseError) in
                try connection.query("SELECT 1 AS one").count
            } == 1)
        await database.close()
    }

    @Test func `a call that never started does not happen later`() async throws {
        let database = try await TestDatabase.sqliteMemory.open()
        try await database.run("CREATE TABLE things (id INTEGER)")
        let thaw = DispatchSemaphore(value: 0)
        let (frozen, continuation) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await database.write { (_) throws(DatabaseError) in
                    continuation.finish()
                    thaw.wait()
                }
            }
            for await _ in frozen {}
            await #expect(throws: DatabaseError.self) {
                try await DatabaseDeadline.within(.milliseconds(50)) {
                    try await database.run("INSERT INTO things (id) VALUES (1)")
                }
            }
            thaw.signal()
            try await group.waitForAll()
        }
        let rows = try await database.run("SELECT id FROM things").rows
        #expect(rows.isEmpty)
        await database.close()
    }

    @Test func `a sooner deadline stays`() async throws {
        let soon = await DatabaseDeadline.within(.seconds(1)) {
            await DatabaseDeadline.within(.seconds(60)) { DatabaseDeadline.current }
        }
        let deadline = try #require(soon)
        #expect(deadline < .now + .seconds(2))
        #expect(DatabaseDeadline.current == nil)
    }
}
