internal import Database
package import Domain
package import Logging
package import Store

/// Finds monitors that are late. Their timers are rows, as those of incidents are.
package struct HeartbeatClock: Sendable {
    /// Without any hint it looks this often, in case one was lost.
    private static let sweep: Duration = .seconds(60)
    /// Monitors of one look.
    private static let limit = 200

    private let store: Store
    private let configuration: ConfigurationCache
    private let heartbeats: HeartbeatReceiver
    private let time: TimeSource
    private let logger: Logger
    private let signal = DueSignal()

    package init(
        store: Store, configuration: ConfigurationCache, heartbeats: HeartbeatReceiver, eventBus: EventBus,
        time: TimeSource, logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.heartbeats = heartbeats
        self.time = time
        self.logger = logger
        let signal = signal
        eventBus.subscribe { if case .heartbeat(let dueAt) = $0 { signal.announce(dueAt) } }
    }

    /// Runs until the lease is over or the task is cancelled.
    func run(under held: HeldLease) async {
        while held.isValid && !Task.isCancelled {
            signal.plan(nil)
            do {
                let due = try await store.dueHeartbeats(at: time.now(), limit: HeartbeatClock.limit)
                var failure: (any Error)?
                for monitor in due {
                    do {
                        guard try await look(at: monitor, under: held) else { return }
                    } catch {
                        // The others are looked at all the same.
                        logger.error(
                            "a heartbeat can't be marked as late; it is tried again",
                            metadata: ["heartbeat": "\(monitor.id)", "error": "\(error)"])
                        failure = error
                    }
                }
                if failure != nil { try await time.sleep(.seconds(1)) }
                guard due.isEmpty else { continue }
                signal.plan(try await store.nextHeartbeat())
                held.succeeded("heartbeat clock")
                await signal.sleep(atMost: HeartbeatClock.sweep, time)
            } catch {
                logger.error("late heartbeats can't be told of; it is tried again", metadata: ["error": "\(error)"])
                held.failed("heartbeat clock", error)
                try? await time.sleep(.seconds(1))
            }
        }
    }

    /// False when the lease was lost on the way.
    private func look(at due: DueHeartbeat, under held: HeldLease) async throws -> Bool {
        if configuration.current.heartbeats[due.id] == nil { try await configuration.reloadIfChanged() }
        guard let monitor = configuration.current.heartbeats[due.id], !monitor.isPaused else {
            _ = try await store.changeHeartbeat(due.id, at: time.now()) { state in
                var state = state
                state.dueAt = nil
                return state
            }
            return true
        }
        switch try await store.markLate(due, under: held.lease) {
        case .fenced:
            held.end()
            return false
        case .heard: return true
        case .marked(let state):
            try await heartbeats.tell(state, of: monitor)
            // A beat that came in the middle found no incident to resolve yet.
            if try await !store.finishLate(due) { try await heartbeats.recover(monitor) }
            return true
        }
    }
}
