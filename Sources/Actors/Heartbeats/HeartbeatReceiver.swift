internal import Database
package import Domain
internal import Store

/// Receives signals from monitors: a beat, a start, a failure. A monitor that goes down opens an incident and the next
/// beat resolves it, through the same path as any alert.
package struct HeartbeatReceiver: Sendable {
    /// Why the signal was not stored. The client must send it again.
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

    /// Stores a signal and updates the monitor's incident.
    ///
    /// The incident is written before the monitor's row. If the process dies in between, the next signal or the clock
    /// still finds the old row and repeats the work.
    ///
    /// - Parameters:
    ///   - report: what the job posted with its failure.
    ///   - address: the caller's IP address, for the log.
    ///   - agent: the caller's user agent.
    package func hear(
        _ signal: Heartbeat.Signal, of monitor: Heartbeat, report: String = "", from address: String = "",
        agent: String = ""
    ) async throws(NotStored) -> HeartbeatState {
        let now = context.time.now()
        do {
            let known = try await context.store.heartbeatState(monitor.id)
            switch signal {
            case .beat: if known.isDown { try await recover(monitor) }
            case .fail: if !monitor.isPaused { try await tell(HeartbeatState(status: .failed), of: monitor, report) }
            case .start: break
            }
            let heard = Heartbeat.Heard(at: now, signal: signal, address: address, agent: agent)
            let change = try await context.store.changeHeartbeat(monitor.id, at: now, heard: heard) { state in
                monitor.state(after: signal, state, at: now)
            }
            guard let change else { return known }
            // The clock found the monitor late in the meantime.
            if signal == .beat && change.before.isDown && !known.isDown { try await recover(monitor) }
            if let dueAt = change.after.dueAt { eventBus.publish(.heartbeat(dueAt: dueAt)) }
            return change.after
        } catch let error as NotStored {
            throw error
        } catch {
            throw NotStored(reason: "\(error)")
        }
    }

    /// Reports that a monitor is up again.
    func recover(_ monitor: Heartbeat) async throws(NotStored) {
        try await tell(HeartbeatState(status: .up), of: monitor)
    }

    /// Sends the alert that a state implies, if any, to the monitor's incident.
    func tell(_ state: HeartbeatState, of monitor: Heartbeat, _ report: String = "") async throws(NotStored) {
        guard let alert = monitor.alert(state, report: report, at: context.time.now()) else { return }
        if case .failed(let reason) = await ingest.receive([alert], from: monitor.source)[0] {
            throw NotStored(reason: reason)
        }
    }
}
