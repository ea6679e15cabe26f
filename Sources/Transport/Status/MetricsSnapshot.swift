internal import Actors
internal import Database
internal import Domain
internal import Store
internal import Synchronization

/// The database values in /metrics. They are cached because counting slows down as tables grow and anyone may ask.
struct MetricsSnapshot: Sendable {
    let incidents: [Incident.State.Name: Int]
    let pages: [PageCount]
    /// When the oldest waiting page was due, or nil if none waits.
    let oldestDue: Timestamp?
    let followUps: FollowUpBacklog
}

/// Caches a snapshot for a few seconds. Concurrent requests share one snapshot, so that the database never counts
/// twice at a time.
final class MetricsCache: Sendable {
    static let lifetime: Duration = .seconds(10)

    private let taken = Mutex<(snapshot: MetricsSnapshot, at: Duration)?>(nil)
    private let looks = Batcher<(MetricsCache, Store, TimeSource), Result<MetricsSnapshot, DatabaseError>>(
        limit: 1_000
    ) { callers in
        let (cache, store, time) = callers[0]
        let result = await cache.look(store, time)
        return callers.map { _ in result }
    }

    func snapshot(_ store: Store, _ time: TimeSource) async throws(DatabaseError) -> MetricsSnapshot {
        if let fresh = fresh(time) { return fresh }
        return try await looks.submit((self, store, time)).get()
    }

    private func fresh(_ time: TimeSource) -> MetricsSnapshot? {
        taken.withLock { taken in
            guard let taken, time.monotonic() - taken.at < MetricsCache.lifetime else { return nil }
            return taken.snapshot
        }
    }

    private func look(_ store: Store, _ time: TimeSource) async -> Result<MetricsSnapshot, DatabaseError> {
        if let fresh = fresh(time) { return .success(fresh) }
        do throws(DatabaseError) {
            let at = time.monotonic()
            let snapshot = MetricsSnapshot(
                incidents: try await store.incidentCounts(), pages: try await store.pageCounts(),
                oldestDue: try await store.waitingPages(limit: 1).first?.page.dueAt,
                followUps: try await store.followUpBacklog())
            taken.withLock { $0 = (snapshot, at) }
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }
}
