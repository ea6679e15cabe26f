/// What is known of a monitor: one row, whose `dueAt` is its timer.
package struct HeartbeatState: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable {
        /// Waits for its first beat.
        case new
        case up
        case late
        /// The job itself said that it failed.
        case failed
    }

    package var status: Status
    package var lastBeatAt: Timestamp?
    /// When the job said that it started, until it says that it is done.
    package var startedAt: Timestamp?
    /// When it is late unless something is heard before; nil: never. One that is down is watched on: by then its
    /// incident must be open still, or there is a new one.
    package var dueAt: Timestamp?

    package init(
        status: Status = .new, lastBeatAt: Timestamp? = nil, startedAt: Timestamp? = nil, dueAt: Timestamp? = nil
    ) {
        self.status = status
        self.lastBeatAt = lastBeatAt
        self.startedAt = startedAt
        self.dueAt = dueAt
    }

    /// Whether an incident may be open because of it.
    package var isDown: Bool { status == .late || status == .failed }
}

extension Heartbeat {
    /// What a job says.
    package enum Signal: String, Sendable, CaseIterable {
        /// It is done, or alive.
        case beat
        case start
        case fail
    }

    /// The state after a signal. A paused monitor notes what it hears and waits for nothing.
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

    /// The state after the monitor itself was changed: its timer by its new rhythm. One that was paused waits for
    /// its next beat.
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

    /// The alert that says what a state means; nil for a state in which there is nothing to say.
    ///
    /// - Parameter report: what the job posted with its failure.
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
