package import Domain
internal import Store
internal import Synchronization

/// The workers that sleep until a page is due. A commit that makes pages due claims them for these workers in its own
/// transaction, because each commit waits for the disk.
package final class IdleWorkers: Sendable {
    private let workers = Mutex<[IdleWorker]>([])

    package init() {}

    /// The channels for which a commit can claim now.
    package var channels: Set<Channel> {
        workers.withLock { $0 }.filter(\.isAsleep).reduce(into: []) { $0.formUnion($1.channels) }
    }

    func add(_ worker: IdleWorker) { workers.withLock { $0.append(worker) } }

    /// Borrows the sleeping workers for which a page is due now. Nobody else claims for them until the loan is settled.
    ///
    /// - Parameter due: when the pages of the commit are due. Nil if it has none.
    /// - Returns: nil if there are no such workers.
    func borrow(for due: PagesDue?, at now: Timestamp) async -> Loan? {
        guard let due, due.earliest <= now else { return nil }
        var parts: [Loan.Part] = []
        var lease: Lease?
        for worker in workers.withLock({ $0 }) {
            guard let first = due.first(of: worker.channels), first <= now, let held = worker.lend() else { continue }
            guard held.isValid, held.lease == lease ?? held.lease, let request = await worker.request() else {
                worker.settle(nil)
                continue
            }
            lease = held.lease
            parts.append(Loan.Part(worker: worker, request: request))
        }
        return lease.map { Loan(lease: $0, parts: parts) }
    }
}

/// Workers that a commit claims for.
struct Loan: Sendable {
    struct Part: Sendable {
        let worker: IdleWorker
        let request: ClaimRequest
    }

    let lease: Lease
    let parts: [Part]

    var order: ClaimOrder { ClaimOrder(requests: parts.map(\.request), lease: lease) }

    /// Gives the workers back, with what was claimed for them.
    ///
    /// - Parameter claims: nil if the commit claimed nothing.
    func settle(_ claims: Result<[ClaimResult], any Error>?) {
        for (index, part) in parts.enumerated() {
            part.worker.settle(Served(permits: part.request.limit, result: claims?.map { $0[index] }))
        }
    }
}

/// What a worker that was borrowed gets back.
struct Served: Sendable {
    /// The number of the provider’s permits that were taken for it.
    let permits: Int
    /// Nil if nothing was claimed.
    let result: Result<ClaimResult, any Error>?
}

/// A worker as commits see it.
final class IdleWorker: Sendable {
    private enum State {
        /// It claims by itself.
        case awake
        case asleep(HeldLease)
        /// A commit claims for it. The continuation is the worker's, if it woke meanwhile.
        case lent(CheckedContinuation<Served?, Never>?)
        /// It has not woken yet.
        case settled(Served?)
    }

    let channels: [Channel]
    /// Takes permits of the provider. Returns nil if no message may leave now.
    let request: @Sendable () async -> ClaimRequest?
    /// Wakes the worker.
    private let wake: @Sendable () -> Void
    private let state = Mutex(State.awake)

    init(
        channels: [Channel], request: @escaping @Sendable () async -> ClaimRequest?,
        wake: @escaping @Sendable () -> Void
    ) {
        self.channels = channels
        self.request = request
        self.wake = wake
    }

    var isAsleep: Bool { state.withLock { if case .asleep = $0 { true } else { false } } }
    var isLent: Bool { state.withLock { if case .lent = $0 { true } else { false } } }

    /// Whether the worker woke while a commit has it.
    var isAwaited: Bool { state.withLock { if case .lent(.some) = $0 { true } else { false } } }

    /// The worker goes to sleep, and may be borrowed from now on.
    func sleep(under held: HeldLease) { state.withLock { $0 = .asleep(held) } }

    /// The worker is awake, and cannot be borrowed from now on. Waits for a commit that has it.
    ///
    /// - Returns: what was claimed for it. Nil if it was not borrowed.
    func rise() async -> Served? {
        await withCheckedContinuation { continuation in
            let served: Served?? = state.withLock { state in
                switch state {
                case .awake, .asleep:
                    state = .awake
                    return .some(nil)
                case .settled(let served):
                    state = .awake
                    return .some(served)
                case .lent:
                    state = .lent(continuation)
                    return nil
                }
            }
            if let served { continuation.resume(returning: served) }
        }
    }

    /// Borrows the worker if it sleeps. Returns the lease under which it works.
    fileprivate func lend() -> HeldLease? {
        state.withLock { state in
            guard case .asleep(let held) = state else { return nil }
            state = .lent(nil)
            return held
        }
    }

    fileprivate func settle(_ served: Served?) {
        let waiting = state.withLock { state -> CheckedContinuation<Served?, Never>? in
            guard case .lent(let waiting) = state else { return nil }
            state = waiting == nil ? .settled(served) : .awake
            return waiting
        }
        waiting?.resume(returning: served)
        wake()
    }
}
