import Synchronization

/// Counts the work of statements on SQLite, independently of the machine's speed.
package final class StatementMeter: Sendable {
    /// What statements did.
    package struct Count: Sendable, Hashable {
        package var statements = 0
        /// Instructions of SQLite's virtual machine. They grow with the rows that a statement looks at.
        package var steps = 0

        package init() {}
    }

    private let count = Mutex(Count())

    package init() {}

    func add(steps: Int) {
        count.withLock {
            $0.statements += 1
            $0.steps += steps
        }
    }

    /// Returns the work since the last call, and starts again at zero.
    package func take() -> Count {
        count.withLock { count in
            defer { count = Count() }
            return count
        }
    }
}
