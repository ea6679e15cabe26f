package import Domain
import Synchronization

/// A clock that a test advances by hand. Sleepers wake in the order of their instants.
package final class ManualTime: Sendable {
    private struct Sleeper {
        let id: Int
        let until: Duration
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var elapsed: Duration = .zero
        var sleepers: [Sleeper] = []
        var cancelled: Set<Int> = []
        var next = 0
    }

    private let state = Mutex(State())
    private let start: Timestamp

    /// - Parameter start: the wall clock's start time. By default a Wednesday at noon.
    package init(start: String = "2026-03-04T12:00:00Z") {
        self.start = Timestamp(rfc3339: start) ?? Timestamp(seconds: 0)
    }

    package var now: Timestamp { start + state.withLock { $0.elapsed } }

    package var source: TimeSource {
        TimeSource(
            now: { self.now }, monotonic: { self.state.withLock { $0.elapsed } },
            sleepUntil: { try await self.sleep(until: $0) }, random: { 0.5 })
    }

    /// When each current sleeper wakes, on the monotonic clock.
    package var sleepers: [Duration] { state.withLock { $0.sleepers.map(\.until) } }

    package func advance(by duration: Duration) {
        let due = state.withLock { state -> [Sleeper] in
            state.elapsed += duration
            let due = state.sleepers.filter { $0.until <= state.elapsed }
            state.sleepers.removeAll { $0.until <= state.elapsed }
            return due.sorted { $0.until < $1.until }
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    private func sleep(until deadline: Duration) async throws {
        let id = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if deadline <= state.elapsed { return .success(()) }
                    state.sleepers.append(Sleeper(id: id, until: deadline, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
