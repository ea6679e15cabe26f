package import Database
import Synchronization

/// Makes statements fail and counts the failures.
package final class Faults: Sendable {
    private struct State {
        var pattern: String?
        var left = 0
        var error = DatabaseError.statement(code: "XX000", message: "a fault of the test")
        var count = 0
        var failed: Set<String> = []
    }
    private let state = Mutex(State())

    package init() {}

    package var count: Int { state.withLock { $0.count } }

    /// Returns whether a statement with these words failed.
    package func hasFailed(_ words: String) -> Bool { state.withLock { $0.failed.contains { $0.contains(words) } } }

    /// Fails the next statements that contain these words. Empty words match every statement.
    package func fail(
        _ pattern: String, times: Int = .max,
        with error: DatabaseError = .statement(code: "XX000", message: "a fault of the test")
    ) {
        state.withLock { $0 = State(pattern: pattern, left: times, error: error, count: $0.count, failed: $0.failed) }
    }

    package func stop() { state.withLock { $0.pattern = nil } }

    /// Wraps a database so that these faults occur in it.
    package func database(_ base: any Database) -> any Database {
        ProbedDatabase(base) { _, text throws(DatabaseError) in try self.check(text) }
    }

    package func check(_ text: String) throws(DatabaseError) {
        let error = state.withLock { state -> DatabaseError? in
            guard let pattern = state.pattern, state.left > 0, pattern.isEmpty || text.contains(pattern) else {
                return nil
            }
            state.left -= 1
            state.count += 1
            state.failed.insert(text)
            return state.error
        }
        if let error { throw error }
    }
}
