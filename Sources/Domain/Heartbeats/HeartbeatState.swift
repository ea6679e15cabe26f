/// The state of a monitor. It is one row, and `dueAt` is its timer.
package struct HeartbeatState: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable {
        /// Waiting for its first beat.
        case new
        case up
        case late
        /// The job reported its failure.
        case failed
    }

    package var status: Status
    package var lastBeatAt: Timestamp?
    /// When the job reported its start. Nil once it reports its end.
    package var startedAt: Timestamp?
    /// When it becomes late unless a signal arrives first. Nil means never. A monitor that is down keeps its timer: if
    /// its incident is no longer open by then, a new one is opened.
    package var dueAt: Timestamp?

    package init(
        status: Status = .new, lastBeatAt: Timestamp? = nil, startedAt: Timestamp? = nil, dueAt: Timestamp? = nil
    ) {
        self.status = status
        self.lastBeatAt = lastBeatAt
        self.startedAt = startedAt
        self.dueAt = dueAt
    }

    /// Whether it may have an open incident.
    package var isDown: Bool { status == .late || status == .failed }
}

extension HeartbeatState {
    /// Whether a signal at an instant comes after the monitor was due.
    package func isLate(at now: Timestamp) -> Bool { status == .late || dueAt.map { $0 < now } ?? false }
}

extension Heartbeat {
    /// A signal that arrived, as the log keeps it.
    package struct Heard: Sendable, Hashable {
        package var at: Timestamp
        package var signal: Signal
        /// Where it came from: an IP address.
        package var address: String
        package var agent: String
        /// Whether it came after the monitor was due.
        package var isLate: Bool

        package init(at: Timestamp, signal: Signal, address: String, agent: String, isLate: Bool = false) {
            self.at = at
            self.signal = signal
            self.address = address
            self.agent = String(agent.prefix(Limits.agent))
            self.isLate = isLate
        }
    }

    /// What a job reports.
    package enum Signal: String, Sendable, CaseIterable {
        /// The job is done, or the system is alive.
        case beat
        case start
        case fail
    }

    /// Returns the state after a signal. A paused monitor records the signal but sets no timer.
    package func state(after signal: Signal, _ before: HeartbeatState, at now: Timestamp) -> HeartbeatState {
        var after = before
        switch signal {
        case .beat:
            after.status = .up
            after.lastBeatAt = now
            after.startedAt = nil
            after.dueAt = due(after: now)
        case .start:
            after.startedAt = now
            if !before.isDown { after.dueAt = now + grace }
        case .fail:
            after.startedAt = nil
            after.dueAt = due(after: now)
            if !isPaused { after.status = .failed }
        }
        if isPaused { after.dueAt = nil }
        return after
    }

    /// Returns the state after the monitor's configuration changed, with the timer of its new rhythm. A monitor that
    /// was paused waits for its next beat.
    package func stateAfterChange(_ before: HeartbeatState) -> HeartbeatState {
        var after = before
        after.dueAt = nil
        guard !isPaused, before.status != .new, before.dueAt != nil else { return after }
        if before.isDown {
            after.dueAt = before.dueAt
        } else if let startedAt = before.startedAt {
            after.dueAt = startedAt + grace
        } else {
            after.dueAt = before.lastBeatAt.flatMap { due(after: $0) }
        }
        return after
    }

    /// Returns the alert for a state, or nil when the state needs none.
    ///
    /// - Parameter report: what the job sent with its failure.
    package func alert(_ state: HeartbeatState, report: String = "", at now: Timestamp) -> AlertEvent? {
        switch state.status {
        case .new: nil
        case .up: event(.resolved, "\(name) is heard of again", "")
        case .failed: event(.firing, "\(name) failed", String(report.prefix(Limits.report)))
        case .late: event(.firing, "\(name) is late", lateness(state))
        }
    }

    private func event(_ status: AlertEvent.Status, _ title: String, _ text: String) -> AlertEvent {
        AlertEvent(
            status: status, title: title, text: text, severity: severity, dedupKey: DedupKey(Heartbeat.kind),
            labels: [Heartbeat.kind: name])
    }

    private func lateness(_ state: HeartbeatState) -> String {
        if let startedAt = state.startedAt { return "It started at \(startedAt.rfc3339) and has not ended since." }
        guard let last = state.lastBeatAt else { return "Nothing was ever heard of it." }
        return "It was last heard of at \(last.rfc3339)."
    }
}
