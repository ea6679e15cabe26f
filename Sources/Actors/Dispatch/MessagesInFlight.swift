internal import Synchronization

/// The messages that one worker has claimed but whose results are not stored yet.
///
/// If the database holds any other claimed page, the answer to the transaction that claimed it was lost.
final class MessagesInFlight: Sendable {
    /// A count for each message, because it may be claimed again before its last attempt is removed.
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
