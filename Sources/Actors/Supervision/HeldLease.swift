internal import Domain
package import Store
internal import Synchronization

/// The lease as its holder sees it: valid until a deadline on the monotonic clock.
///
/// A process that was stopped finds it over when it wakes.
package final class HeldLease: Sendable {
    package let lease: Lease
    private let time: TimeSource
    private let term: Mutex<LeaseTerm>

    init(_ lease: Lease, _ term: LeaseTerm, time: TimeSource) {
        self.lease = lease
        self.time = time
        self.term = Mutex(term)
    }

    /// Whether this process may still act.
    package var isValid: Bool { term.withLock { $0.isGood(at: time.monotonic()) } }

    /// What its holder does next.
    var next: LeaseTerm.Action { term.withLock { $0.next(at: time.monotonic()) } }

    /// Whether it may be renewed together with another. That does not put off the end of a part that fails.
    var mayBeRenewed: Bool {
        switch next {
        case .wait, .renew: true
        case .giveUp, .stop: false
        }
    }

    func renewed(asked: Duration) { term.withLock { $0.renewed(asked: asked) } }

    func renewalFailed() { term.withLock { $0.renewalFailed(at: time.monotonic()) } }

    /// A part of the duty has done all that was due.
    func succeeded(_ part: String) { term.withLock { $0.succeeded(part) } }

    /// Records that a part of the duty failed and will try again.
    func failed(_ part: String, _ error: any Error) {
        term.withLock { $0.failed(part, "\(error)", at: time.monotonic()) }
    }

    /// Ends it at once.
    func end() { term.withLock { $0.end() } }
}
