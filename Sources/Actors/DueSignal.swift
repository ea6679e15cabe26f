package import Domain
internal import Synchronization

/// Wakes a task that sleeps until the next due time, also when something becomes due earlier.
package final class DueSignal: Sendable {
    /// How often a sleeping task looks at the clock, which follows the database's and may be set forward meanwhile.
    private static let look: Duration = .seconds(5)

    private struct State {
        var planned: Timestamp?
        var isWoken = false
        var isAsleep = false
    }

    private let state = Mutex(State())
    private let wakeUp = WakeUp()

    package init() {}

    /// Announces that something is due at this instant.
    ///
    /// - Returns: whether the sleeping task wakes for it, at once or then.
    @discardableResult
    package func announce(_ dueAt: Timestamp) -> Bool {
        let (isEarlier, isFirst) = state.withLock { state -> (Bool, Bool) in
            if let planned = state.planned, dueAt >= planned { return (false, false) }
            // Who sleeps will look at the clock. Who still looks for what is due may have missed this.
            guard state.isAsleep else {
                state.isWoken = true
                return (true, false)
            }
            state.planned = dueAt
            return (true, !state.isWoken)
        }
        if isEarlier { wakeUp.signal() }
        return isFirst
    }

    /// Wakes the task at once, whatever the clock says.
    ///
    /// - Returns: whether this woke the sleeping task.
    @discardableResult
    package func wake() -> Bool {
        let isFirst = state.withLock { state in
            defer { state.isWoken = true }
            return state.isAsleep && !state.isWoken
        }
        wakeUp.signal()
        return isFirst
    }

    /// Sets the next due instant that the sleeping task knows of. Call it with nil before querying, so that an
    /// announcement during the query is not missed.
    package func plan(_ next: Timestamp?) { state.withLock { $0.planned = next } }

    /// Sleeps until the planned instant or an earlier announcement, at most for `longest`.
    ///
    /// - Returns: false if the longest time passed, and nothing that is known of is due.
    @discardableResult
    package func sleep(atMost longest: Duration, _ time: TimeSource) async -> Bool {
        let end = time.monotonic() + longest
        state.withLock { $0.isAsleep = true }
        var isDue = false
        while !Task.isCancelled {
            let state = state.withLock { $0 }
            let now = time.monotonic()
            let wait = state.planned.map { $0 - time.now() } ?? longest
            isDue = state.isWoken || wait <= .zero
            if isDue || now >= end { break }
            await wakeUp.wait(until: now + min(wait, end - now, DueSignal.look), time)
        }
        state.withLock { state in
            state.isWoken = false
            state.isAsleep = false
        }
        return isDue
    }
}
