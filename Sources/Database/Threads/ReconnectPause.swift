internal import Synchronization

/// Keeps all pools of one database from trying to connect again too soon after a failure. A success of one of them
/// ends the pause for all.
final class ReconnectPause: Sendable {
    private let state = Mutex<(until: ContinuousClock.Instant, error: DatabaseError)?>(nil)
    private let length: Duration

    init(_ length: Duration) { self.length = length }

    /// The failure of a moment ago; nil when it is time to try.
    var error: DatabaseError? {
        state.withLock { state in
            guard let state, state.until > .now else { return nil }
            return state.error
        }
    }

    func begin(after error: DatabaseError) { state.withLock { $0 = (.now + length, error) } }

    func end() { state.withLock { $0 = nil } }
}
