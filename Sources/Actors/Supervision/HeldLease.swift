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
    /// Parts of the duty whose last try failed, with when the first of these failures was.
    private let failing = Mutex<[String: Failure]>([:])

    /// A part that fails.
    struct Failure: Sendable {
        let part: String
        let reason: String
        /// On the monotonic clock.
        let since: Duration
    }

    /// - Parameter deadline: on the monotonic clock.
    package init(_ lease: Lease, deadline: Duration, time: TimeSource) {
        self.lease = lease
        self.time = time
        self.deadline = Mutex(deadline)
    }

    /// Whether this process may still act.
    package var isValid: Bool { time.monotonic() < deadline.withLock { $0 } }

    func extend(to deadline: Duration) { self.deadline.withLock { $0 = max($0, deadline) } }

    /// A part of the duty has done all that was due.
    func succeeded(_ part: String) { failing.withLock { $0[part] = nil } }

    /// A part of the duty failed and will try again.
    func failed(_ part: String, _ error: any Error) {
        failing.withLock { failing in
            let since = failing[part]?.since ?? time.monotonic()
            failing[part] = Failure(part: part, reason: "\(error)", since: since)
        }
    }

    /// The part that has only failed for longer than this, if there is one.
    func stall(after patience: Duration) -> Failure? {
        failing.withLock { $0.values.min { $0.since < $1.since } }
            .flatMap { time.monotonic() - $0.since > patience ? $0 : nil }
    }

    /// Ends it at once.
    func end() { deadline.withLock { $0 = .zero } }
}
