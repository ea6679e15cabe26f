internal import Database
package import Domain
package import Logging
package import Store

/// Escalates incidents when they become due. Timers are rows in the database and sleeping is only an optimization, so a
/// crash, a restart or a new holder loses none.
package struct EscalationClock: Sendable {
    /// Query at least this often, in case a signal was lost.
    package static let sweep: Duration = .seconds(60)
    /// The maximum number of incidents in one query.
    private static let limit = 200

    private let store: Store
    private let directory: IncidentDirectory
    private let time: TimeSource
    private let logger: Logger
    private let signal = DueSignal()

    package init(store: Store, directory: IncidentDirectory, eventBus: EventBus, time: TimeSource, logger: Logger) {
        self.store = store
        self.directory = directory
        self.time = time
        self.logger = logger
        let signal = signal
        eventBus.subscribe { if case .escalation(let dueAt) = $0 { signal.announce(dueAt) } }
    }

    /// Runs until the lease ends or the task is cancelled.
    func run(under held: HeldLease) async {
        let part = DutyPart(
            name: "escalation clock", trouble: "due incidents can't be read", time: time, logger: logger)
        await part.run(under: held) {
            signal.plan(nil)
            let due = try await store.dueIncidents(at: time.now(), limit: EscalationClock.limit)
            guard due.isEmpty else {
                if await !escalate(due, try await store.latestRounds(of: due), under: held) { held.end() }
                return .none
            }
            signal.plan(try await store.nextEscalation())
            return .signal(signal, atMost: EscalationClock.sweep)
        }
    }

    /// Returns false if the lease was lost.
    private func escalate(
        _ due: [IncidentID], _ pages: [IncidentID: [PageSummary]], under held: HeldLease
    ) async -> Bool {
        await withTaskGroup(of: CommandResult.self) { group in
            for id in due {
                let wasReached = (pages[id] ?? []).reachedSomebody(at: time.now())
                let command = Command.escalationDue(wasReached: wasReached)
                group.addTask {
                    await directory.perform(CommandRequest(command, by: .system, lease: held.lease), on: id)
                }
            }
            var isOurs = true
            var failures = 0
            for await result in group {
                switch result {
                case .fenced: isOurs = false
                case .failed(let reason):
                    failures += 1
                    logger.error("an incident can't be escalated; will retry", metadata: ["error": "\(reason)"])
                case .done, .refused, .notFound: break
                }
            }
            if failures > 0 { try? await time.sleep(.seconds(1)) }
            return isOurs
        }
    }
}
