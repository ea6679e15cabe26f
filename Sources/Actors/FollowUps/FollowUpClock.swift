internal import Database
internal import Domain
package import Logging
internal import Store

/// Completes follow-ups that were left behind because their process died or the database failed. Runs only under the lease.
package struct FollowUpClock: Sendable {
    private static let interval: Duration = .seconds(10)

    private let store: Store
    private let configuration: ConfigurationCache
    private let worker: FollowUpWorker
    private let time: TimeSource
    private let logger: Logger

    package init(context: IncidentContext, worker: FollowUpWorker, logger: Logger) {
        store = context.store
        configuration = context.configuration
        self.worker = worker
        time = context.time
        self.logger = logger
    }

    /// Runs until the lease is over or the task is cancelled.
    func run(under held: HeldLease) async {
        let part = DutyPart(name: "follow-up clock", trouble: "follow-ups can't be read", time: time, logger: logger)
        await part.run(under: held) {
            let owed = try await store.owedFollowUps()
            let now = time.now()
            let due = owed.filter { $0.dueAt <= now }
            if !due.isEmpty {
                if try await !perform(due, under: held) { held.end() }
                return .none
            }
            return .time(owed.first.map { min(FollowUpClock.interval, $0.dueAt - now) } ?? FollowUpClock.interval)
        }
    }

    /// Completes due follow-ups. One that fails waits for its next try and delays no other. Returns false if the lease was
    /// lost.
    private func perform(_ due: [OwedFollowUp], under held: HeldLease) async throws(DatabaseError) -> Bool {
        // Decisions need the configuration with the change that they follow.
        try await configuration.reloadIfChanged()
        var isOurs = true
        let owed = Dictionary(due.map { ($0.followUp.id, $0) }) { first, _ in first }
        for (followUp, outcome) in await worker.perform(due.map(\.followUp), under: held.lease) {
            switch outcome {
            case .done: break
            case .fenced: isOurs = false
            case .failed(let reason):
                guard let owed = owed[followUp.id] else { continue }
                let isKept = try await store.putOff(owed, fault: reason, at: time.now())
                logger.error(
                    isKept ? "what must follow can't be done; it is tried again" : "what must follow is given up",
                    metadata: ["followUp": "\(followUp.id)", "error": "\(reason)"])
            }
        }
        return isOurs
    }
}
