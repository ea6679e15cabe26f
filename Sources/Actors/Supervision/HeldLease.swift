package import Domain
package import Store
internal import Synchronization

/// The lease as its holder sees it: valid until a deadline on the monotonic clock.
///
/// The deadline counts from before the request that acquired or renewed the lease, so it passes before the database's
/// own. A process that was suspended finds the lease expired when it wakes.
package final class HeldLease: Sendable {
    package let lease: Lease
    private let time: TimeSource
    private let deadline: Mutex<Duration>
    /// The parts of the duty whose last try failed, with the time of the first failure in a row.
    private let failing = Mutex<[String: Failure]>([:])

    /// A part of the duty that is failing.
    struct Failure: Sendable {
        let part: String
        let reason: String
        /// On the monotonic clock.
        let since: Duration
    }

    /// - Parameter deadline: a time on the monotonic clock.
    package init(_ lease: Lease, deadline: Duration, time: TimeSource) {
        self.lease = lease
        self.time = time
        self.deadline = Mutex(deadline)
    }

    /// Whether this process may still act.
    package var isValid: Bool { time.monotonic() < deadline.withLock { $0 } }

    func extend(to deadline: Duration) { self.deadline.withLock { $0 = max($0, deadline) } }

    /// Records that a part of the duty has done all that was due.
    func succeeded(_ part: String) { failing.withLock { $0[part] = nil } }

    /// Records that a part of the duty failed and will try again.
    func failed(_ part: String, _ error: any Error) {
        failing.withLock { failing in
            let since = failing[part]?.since ?? time.monotonic()
            failing[part] = Failure(part: part, reason: "\(error)", since: since)
        }
    }

    /// Returns the part that has been failing for longer than `patience`, if there is one.
    func stall(after patience: Duration) -> Failure? {
        failing.withLock { $0.values.min { $0.since < $1.since } }
            .flatMap { time.monotonic() - $0.since > patience ? $0 : nil }
    }

    /// Ends the lease at once.
    func end() { deadline.withLock { $0 = .zero } }
}
