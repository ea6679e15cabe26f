internal import Synchronization

/// Keeps all pools of one database from reconnecting too soon after a failure. A successful connection ends the pause
/// for all pools.
final class ReconnectPause: Sendable {
    private let state = Mutex<(until: ContinuousClock.Instant, error: DatabaseError)?>(nil)
    private let length: Duration

    init(_ length: Duration) { self.length = length }

    /// The recent failure. Nil when it is time to try again.
    var error: DatabaseError? {
        state.withLock { state in
            guard let state, state.until > .now else { return nil }
            return state.error
        }
    }

    func begin(after error: DatabaseError) { state.withLock { $0 = (.now + length, error) } }

    func end() { state.withLock { $0 = nil } }
}
