package import Domain
package import Store
internal import Synchronization

/// The lease as its holder sees it: good until a deadline on the clock that never jumps.
///
/// The deadline is counted from before the request that acquired or renewed it, so it ends before the database's
/// own; a process that was stopped finds it over when it wakes.
package final class HeldLease: Sendable {
    package let lease: Lease
    private let time: TimeSource
    private let deadline: Mutex<Duration>

    /// - Parameter deadline: on the monotonic clock.
    package init(_ lease: Lease, deadline: Duration, time: TimeSource) {
        self.lease = lease
        self.time = time
        self.deadline = Mutex(deadline)
    }

    /// Whether this process may still act.
    package var isValid: Bool { time.monotonic() < deadline.withLock { $0 } }

    func extend(to deadline: Duration) { self.deadline.withLock { $0 = max($0, deadline) } }

    /// Ends it at once.
    func end() { deadline.withLock { $0 = .zero } }
}
