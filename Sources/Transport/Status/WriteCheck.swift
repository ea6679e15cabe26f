internal import Actors
internal import Database
internal import Domain
internal import Store
internal import Synchronization

/// Finds out whether the database accepts changes, by making one at most every five seconds, however often anyone asks.
final class WriteCheck: Sendable {
    private static let lifetime: Duration = .seconds(5)

    private let succeededAt = Mutex<ContinuousClock.Instant?>(nil)
    private let checks = Batcher<(WriteCheck, Store, TimeSource), DatabaseError?>(limit: 1_000) { callers in
        let (check, store, time) = callers[0]
        let fault = await check.write(store, time)
        return callers.map { _ in fault }
    }

    /// The reason why the database accepts no changes, or nil if it does.
    func fault(_ store: Store, _ time: TimeSource) async -> DatabaseError? {
        if isFresh { return nil }
        return await checks.submit((self, store, time))
    }

    /// Makes the next check write again, after the database was away.
    func expire() { succeededAt.withLock { $0 = nil } }

    private var isFresh: Bool {
        succeededAt.withLock { at in at.map { .now - $0 < WriteCheck.lifetime } ?? false }
    }

    private func write(_ store: Store, _ time: TimeSource) async -> DatabaseError? {
        do throws(DatabaseError) {
            try await store.checkWriting(at: time.now())
            succeededAt.withLock { $0 = .now }
            return nil
        } catch {
            return error
        }
    }
}
