internal import Domain
internal import Logging
internal import Store

/// Renews the leases that this process holds, all with one statement.
actor LeaseRenewals {
    private let store: Store
    private let length: Duration
    private let time: TimeSource
    private let logger: Logger
    private var held: [HeldLease] = []
    private var isAsking = false
    /// The leases of a statement that failed. A transaction may hold the row of one of them for long, and that must not cost
    /// the other. So each is renewed by itself until that succeeds.
    private var apart: Set<Lease> = []
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(store: Store, length: Duration, time: TimeSource, logger: Logger) {
        self.store = store
        self.length = length
        self.time = time
        self.logger = logger
    }

    func add(_ lease: HeldLease) { held.append(lease) }

    func remove(_ lease: HeldLease) {
        held.removeAll { $0 === lease }
        apart.remove(lease.lease)
    }

    /// Renews all leases, or waits for a renewal under way. That one may leave out a lease that was added since, so a
    /// caller looks at its own again. After a failure each lease is renewed by itself.
    func renew(_ lease: HeldLease) async {
        // Another round may have renewed it, or failed, since its holder looked.
        guard lease.next == .renew else { return }
        if apart.contains(lease.lease) {
            if await renew([lease]) { apart.remove(lease.lease) }
            return
        }
        guard !isAsking else { return await withCheckedContinuation { waiting.append($0) } }
        isAsking = true
        let leases = held.filter { $0.mayBeRenewed && !apart.contains($0.lease) }
        if await !renew(leases) { apart.formUnion(leases.map(\.lease)) }
        isAsking = false
        for caller in waiting { caller.resume() }
        waiting = []
    }

    /// Returns false if the database gave no answer.
    private func renew(_ leases: [HeldLease]) async -> Bool {
        let asked = time.monotonic()
        do {
            let renewed = try await store.renew(leases.map(\.lease), lasting: length)
            for lease in leases {
                if renewed.contains(lease.lease) { lease.renewed(asked: asked) } else { lease.end() }
            }
            return true
        } catch {
            let duties = leases.map(\.lease.duty.rawValue).sorted().joined(separator: ", ")
            logger.warning("the lease can't be renewed", metadata: ["duties": "\(duties)", "error": "\(error)"])
            for lease in leases { lease.renewalFailed() }
            return false
        }
    }
}
