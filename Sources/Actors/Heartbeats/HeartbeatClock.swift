internal import Database
package import Domain
package import Logging
package import Store

/// Finds late monitors. Like those of incidents, their timers are rows in the database.
package struct HeartbeatClock: Sendable {
    /// Query at least this often, in case a signal was lost.
    private static let sweep: Duration = .seconds(60)
    /// The maximum number of monitors in one query.
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

    /// Runs until the lease ends or the task is cancelled.
    func run(under held: HeldLease) async {
        let resumed = time.now()
        var retries = Retries()
        let part = DutyPart(
            name: "heartbeat clock", trouble: "late heartbeats can't be read", time: time, logger: logger)
        await part.run(under: held) {
            signal.plan(nil)
            let now = time.now()
            let limit = HeartbeatClock.limit + retries.count
            let due = try await store.dueHeartbeats(at: now, limit: limit).filter { retries.mayTry($0.id, at: now) }
            for monitor in due {
                guard await look(at: monitor, resumed, &retries, under: held) else {
                    held.end()
                    return .none
                }
            }
            guard due.isEmpty else { return .none }
            signal.plan(retries.earliest(or: try await store.nextHeartbeat(), at: now))
            return .signal(signal, atMost: HeartbeatClock.sweep)
        }
    }

    /// A failure affects only its own monitor. Returns false if the lease was lost.
    private func look(
        at due: DueHeartbeat, _ resumed: Timestamp, _ retries: inout Retries, under held: HeldLease
    ) async -> Bool {
        do {
            let isHeld = try await look(at: due, resumed, under: held)
            retries.succeeded(due.id)
            return isHeld
        } catch {
            retries.failed(due.id, at: time.now())
            logger.error(
                "a late heartbeat can't be reported; will retry",
                metadata: ["heartbeat": "\(due.id)", "error": "\(error)"])
            return true
        }
    }

    /// Returns false if the lease was lost.
    private func look(at due: DueHeartbeat, _ resumed: Timestamp, under held: HeldLease) async throws -> Bool {
        if configuration.current.heartbeats[due.id] == nil { try await configuration.reloadIfChanged() }
        guard let monitor = configuration.current.heartbeats[due.id], !monitor.isPaused else {
            _ = try await store.changeHeartbeat(due.id, at: time.now()) { state in
                var state = state
                state.dueAt = nil
                return state
            }
            return true
        }
        let state = try await store.heartbeatState(due.id)
        if monitor.postponed(state, resumed: resumed) != nil {
            _ = try await store.changeHeartbeat(due.id, at: time.now()) { state in
                var state = state
                state.dueAt = monitor.postponed(state, resumed: resumed) ?? state.dueAt
                return state
            }
            return true
        }
        if state.isDown, try await isIncidentOpen(for: monitor) {
            _ = try await store.finishLate(due, next: monitor.due(after: time.now()))
            return true
        }
        switch try await store.markLate(due, under: held.lease) {
        case .fenced:
            held.end()
            return false
        case .heard: return true
        case .marked(let state):
            try await heartbeats.tell(state, of: monitor)
            // A beat that arrived during this found no incident to resolve, so resolve it now.
            let isFinished = try await store.finishLate(due, next: monitor.due(after: time.now()))
            if !isFinished { try await heartbeats.recover(monitor) }
            return true
        }
    }

    /// A person may have resolved the incident while the monitor is still down.
    private func isIncidentOpen(for monitor: Heartbeat) async throws(DatabaseError) -> Bool {
        let keys = [DedupKey(Heartbeat.kind)]
        return try await !store.knownKeys(keys, source: monitor.source.id, team: monitor.teamID, resolvedSince: nil)
            .isEmpty
    }

    /// The failed monitors with the time of their next try. The delay grows from one second to one minute.
    private struct Retries {
        private var waiting: [HeartbeatID: (count: Int, next: Timestamp)] = [:]

        var count: Int { waiting.count }

        func mayTry(_ id: HeartbeatID, at now: Timestamp) -> Bool { waiting[id].map { $0.next <= now } ?? true }

        mutating func succeeded(_ id: HeartbeatID) { waiting[id] = nil }

        mutating func failed(_ id: HeartbeatID, at now: Timestamp) {
            let count = min((waiting[id]?.count ?? 0) + 1, 7)
            waiting[id] = (count, now + min(.seconds(1 << (count - 1)), .seconds(60)))
        }

        /// When to query next. Monitors that wait for a retry stay due in the database, so a past `next` is theirs.
        func earliest(or next: Timestamp?, at now: Timestamp) -> Timestamp? {
            let retry = waiting.values.map(\.next).min()
            guard let next else { return retry }
            guard let retry else { return next }
            return next <= now ? retry : min(next, retry)
        }
    }
}
