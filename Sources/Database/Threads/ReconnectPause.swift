internal import Synchronization

/// Keeps all pools of one database from reconnecting too soon after a failure. A successful connection ends the pause
/// for all pools.
final class ReconnectPause: Sendable {
    private struct State {
        var failure: (until: ContinuousClock.Instant, error: DatabaseError)?
        var lastSuccess: ContinuousClock.Instant?
    }
    private let state = Mutex(State())
    private let length: Duration

    init(_ length: Duration) { self.length = length }

    /// The recent failure. Nil when it is time to try again.
    var error: DatabaseError? {
        state.withLock { state in
            guard let failure = state.failure, failure.until > .now else { return nil }
            return failure.error
        }
    }

    /// Begins a pause after a failed attempt to connect, unless another attempt that ended later succeeded: then the
    /// failure is out of date.
    ///
    /// - Parameter start: when the failed attempt began.
    /// - Returns: whether the pause began.
    func begin(after error: DatabaseError, of start: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            if let success = state.lastSuccess, success >= start { return false }
            state.failure = (.now + length, error)
            return true
        }
    }

    func end() { state.withLock { $0 = State(failure: nil, lastSuccess: .now) } }
}
