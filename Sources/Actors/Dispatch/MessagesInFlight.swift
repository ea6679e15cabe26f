internal import Synchronization

/// The messages that one worker has claimed and whose results are not stored yet.
///
/// What the database holds as claimed besides these was claimed by a transaction whose answer was lost.
final class MessagesInFlight: Sendable {
    /// How often each is in flight: a message may be claimed again before its last attempt is struck off.
    private let counts = Mutex<[String: Int]>([:])

    var ids: Set<String> { counts.withLock { Set($0.keys) } }

    func insert(_ id: String) { counts.withLock { $0[id, default: 0] += 1 } }

    func remove(_ id: String) {
        counts.withLock { counts in
            let left = (counts[id] ?? 1) - 1
            counts[id] = left > 0 ? left : nil
        }
    }
}
