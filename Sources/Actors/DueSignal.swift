package import Domain
internal import Synchronization

/// Wakes a task that sleeps until the next thing is due, and only when something is due earlier than that.
package final class DueSignal: Sendable {
    private let planned = Mutex<Timestamp?>(nil)
    private let wakeUp = WakeUp()

    package init() {}

    /// Something is due at this instant.
    package func announce(_ dueAt: Timestamp) {
        let isEarlier = planned.withLock { planned -> Bool in
            guard let known = planned, dueAt >= known else { return true }
            return false
        }
        if isEarlier { wakeUp.signal() }
    }

    /// Nothing is due before this instant as far as the sleeper will know; call it before looking, with nil, so
    /// that whatever is announced meanwhile is not missed.
    package func plan(_ next: Timestamp?) { planned.withLock { $0 = next } }

    /// Sleeps until the planned instant, an earlier announcement, or the longest time.
    package func sleep(atMost longest: Duration, _ time: TimeSource) async {
        let start = time.monotonic()
        let wait = planned.withLock { $0 }.map { max(.zero, $0 - time.now()) } ?? longest
        await wakeUp.wait(until: start + min(wait, longest), time)
    }
}
