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
            let channels = due.channels(of: worker.channels, by: now)
            guard !channels.isEmpty, let held = worker.lend() else { continue }
            guard held.isValid, held.lease == lease ?? held.lease, var request = await worker.request() else {
                worker.settle(nil)
                continue
            }
            request.channels = channels
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
    /// The channels for which the commit claims.
    var channels: Set<Channel> { parts.reduce(into: []) { $0.formUnion($1.request.channels) } }

    /// Gives the workers back, with what was claimed for them. A worker for which nothing was due sleeps on.
    ///
    /// - Parameter claims: nil if the commit claimed nothing.
    func settle(_ claims: Result<[ClaimResult], any Error>?) async {
        for (index, part) in parts.enumerated() {
            if case .success(let results) = claims, case .nothing(let next) = results[index] {
                await part.worker.settle(untouched: part.request.limit, next: next)
            } else {
                part.worker.settle(Served(permits: part.request.limit, result: claims?.map { $0[index] }))
            }
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
        /// A commit claims for it.
        case lent(Lent)
        /// It has not woken yet.
        case settled(Served?)
    }
    private struct Lent {
        let held: HeldLease
        /// The worker's, if it woke meanwhile.
        var waiting: CheckedContinuation<Served?, Never>?
        /// Whether others made pages due meanwhile.
        var hasMissed = false
    }

    let channels: [Channel]
    /// Takes permits of the provider. Returns nil if no message may leave now.
    let request: @Sendable () async -> ClaimRequest?
    /// Gives permits back.
    private let release: @Sendable (Int) async -> Void
    /// Wakes the worker at this instant at the latest. Nil means now.
    private let wake: @Sendable (Timestamp?) -> Void
    private let state = Mutex(State.awake)

    init(
        channels: [Channel], request: @escaping @Sendable () async -> ClaimRequest?,
        release: @escaping @Sendable (Int) async -> Void, wake: @escaping @Sendable (Timestamp?) -> Void
    ) {
        self.channels = channels
        self.request = request
        self.release = release
        self.wake = wake
    }

    var isAsleep: Bool { state.withLock { if case .asleep = $0 { true } else { false } } }
    var isLent: Bool { state.withLock { if case .lent = $0 { true } else { false } } }

    /// Whether the worker woke while a commit has it.
    var isAwaited: Bool { state.withLock { if case .lent(let lent) = $0 { lent.waiting != nil } else { false } } }

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
                case .lent(var lent):
                    lent.waiting = continuation
                    state = .lent(lent)
                    return nil
                }
            }
            if let served { continuation.resume(returning: served) }
        }
    }

    /// Notes that others made pages due. Returns whether a commit has the worker, which then looks for them by itself.
    func missed() -> Bool {
        state.withLock { state in
            guard case .lent(var lent) = state else { return false }
            lent.hasMissed = true
            state = .lent(lent)
            return true
        }
    }

    /// Borrows the worker if it sleeps. Returns the lease under which it works.
    fileprivate func lend() -> HeldLease? {
        state.withLock { state in
            guard case .asleep(let held) = state else { return nil }
            state = .lent(Lent(held: held))
            return held
        }
    }

    fileprivate func settle(_ served: Served?) {
        let waiting = state.withLock { state -> CheckedContinuation<Served?, Never>? in
            guard case .lent(let lent) = state else { return nil }
            state = lent.waiting == nil ? .settled(served) : .awake
            return lent.waiting
        }
        if let waiting { waiting.resume(returning: served) } else { wake(nil) }
    }

    /// The worker sleeps on, because nothing was due for it. If it has woken or missed something, it looks for itself.
    ///
    /// - Parameter next: when the first page of the commit's channels may leave.
    fileprivate func settle(untouched permits: Int, next: Timestamp?) async {
        await release(permits)
        let sleepsOn = state.withLock { state in
            guard case .lent(let lent) = state, lent.waiting == nil, !lent.hasMissed else { return false }
            state = .asleep(lent.held)
            return true
        }
        if !sleepsOn { settle(nil) } else if let next { wake(next) }
    }
}
