package import Domain
internal import Synchronization

/// Wakes a task that sleeps until the next due time, but only if something becomes due earlier.
package final class DueSignal: Sendable {
    private let planned = Mutex<Timestamp?>(nil)
    private let wakeUp = WakeUp()

    package init() {}

    /// Announces that something is due at this instant.
    package func announce(_ dueAt: Timestamp) {
        let isEarlier = planned.withLock { planned -> Bool in
            guard let known = planned, dueAt >= known else { return true }
            return false
        }
        if isEarlier { wakeUp.signal() }
    }

    /// Sets the next due instant that the sleeping task knows of. Call it with nil before querying, so that an
    /// announcement during the query is not missed.
    package func plan(_ next: Timestamp?) { planned.withLock { $0 = next } }

    /// Sleeps until the planned instant or an earlier announcement, at most for `longest`.
    package func sleep(atMost longest: Duration, _ time: TimeSource) async {
        let start = time.monotonic()
        let wait = planned.withLock { $0 }.map { max(.zero, $0 - time.now()) } ?? longest
        await wakeUp.wait(until: start + min(wait, longest), time)
    }
}
