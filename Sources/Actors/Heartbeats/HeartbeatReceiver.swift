internal import Database
package import Domain
internal import Store

/// Hears monitors: a beat, a start, a failure. A monitor that is down opens an incident and the next beat resolves it, by
/// the same way as any alert.
package struct HeartbeatReceiver: Sendable {
    /// Why a signal is to be sent again.
    package struct NotStored: Error, Sendable {
        package let reason: String
    }

    private let context: IncidentContext
    private let ingest: Ingest
    private let eventBus: EventBus

    package init(context: IncidentContext, ingest: Ingest, eventBus: EventBus) {
        self.context = context
        self.ingest = ingest
        self.eventBus = eventBus
    }

    /// Takes a signal.
    ///
    /// The incident comes before the monitor's own row: should this process die in between, the next signal or the clock
    /// finds the row as it was.
    ///
    /// - Parameter report: what the job posted with its failure.
    package func hear(
        _ signal: Heartbeat.Signal, of monitor: Heartbeat, report: String = ""
    ) async throws(NotStored) -> HeartbeatState {
        let now = context.time.now()
        do {
            let known = try await context.store.heartbeatState(monitor.id)
            switch signal {
            case .beat: if known.isDown { try await recover(monitor) }
            case .fail: if !monitor.isPaused { try await tell(HeartbeatState(status: .failed), of: monitor, report) }
            case .start: break
            }
            let change = try await context.store.changeHeartbeat(monitor.id, at: now) { state in
                monitor.state(after: signal, state, at: now)
            }
            guard let change else { return known }
            // It was found late in between.
            if signal == .beat && change.before.isDown && !known.isDown { try await recover(monitor) }
            if let dueAt = change.after.dueAt { eventBus.publish(.heartbeat(dueAt: dueAt)) }
            return change.after
        } catch let error as NotStored {
            throw error
        } catch {
            throw NotStored(reason: "\(error)")
        }
    }

    /// Tells that a monitor is heard of again.
    func recover(_ monitor: Heartbeat) async throws(NotStored) {
        try await tell(HeartbeatState(status: .up), of: monitor)
    }

    /// Gives what a state means to the monitor's incident.
    func tell(_ state: HeartbeatState, of monitor: Heartbeat, _ report: String = "") async throws(NotStored) {
        guard let alert = monitor.alert(state, report: report, at: context.time.now()) else { return }
        if case .failed(let reason) = await ingest.receive([alert], from: monitor.source)[0] {
            throw NotStored(reason: reason)
        }
    }
}
