import Synchronization
import Testing

@testable import Database

@Suite struct ReconnectTests {
    private let refusal = DatabaseError.unavailable("not accepting connections")

    private func pool(
        _ pause: ReconnectPause, _ open: @escaping @Sendable () throws(DatabaseError) -> Int
    ) -> ThreadPool<Int> {
        ThreadPool(name: "test", threads: 1, options: DatabaseOptions(), pause: pause, open: open)
    }

    @Test func `a failure begins a pause`() async throws {
        let pause = ReconnectPause(.seconds(60))
        let tries = Mutex(0)
        let refusal = refusal
        let pool = pool(pause) { () throws(DatabaseError) in
            tries.withLock { $0 += 1 }
            throw refusal
        }
        for _ in 0..<2 {
            await #expect(throws: refusal) { try await pool.run { (.success($0), isIntact: true) } }
        }
        #expect(tries.withLock { $0 } == 1)
        await pool.close()
    }

    /// The server refuses one connection, comes back, and accepts another one. Only then the first thread learns of its
    /// refusal.
    @Test func `a refusal that a later connection has overtaken is tried again`() async throws {
        let pause = ReconnectPause(.seconds(60))
        let tries = Mutex(0)
        let refusal = refusal
        let pool = pool(pause) { () throws(DatabaseError) in
            guard
                tries.withLock({
                    $0 += 1; return $0
                }) == 1
            else { return 7 }
            pause.end()
            throw refusal
        }
        let value = try await pool.run { (.success($0), isIntact: true) }
        #expect(value == 7)
        #expect(pause.error == nil)
        await pool.close()
    }

    /// A connection that the server closed while it was idle is opened anew under the same rules.
    @Test func `a resource that is not usable any more is opened anew`() async throws {
        let pause = ReconnectPause(.seconds(60))
        let opened = Mutex(0)
        let pool = ThreadPool<Int>(
            name: "test", threads: 1, options: DatabaseOptions(), pause: pause, isUsable: { $0 > 1 }
        ) { () throws(DatabaseError) in
            opened.withLock {
                $0 += 1
                return $0
            }
        }
        #expect(try await pool.run { (.success($0), isIntact: true) } == 1)
        #expect(try await pool.run { (.success($0), isIntact: true) } == 2)
        #expect(try await pool.run { (.success($0), isIntact: true) } == 2)
        #expect(opened.withLock { $0 } == 2)
        await pool.close()
    }
}
