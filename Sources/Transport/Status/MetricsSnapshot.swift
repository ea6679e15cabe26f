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
/// twice at a time. The more time the counts take, the longer they are kept: they never take more than one percent of it.
final class MetricsCache: Sendable {
    static let lifetime: Duration = .seconds(10)
    static let longest: Duration = .seconds(300)

    private let taken = Mutex<(snapshot: MetricsSnapshot, until: Duration)?>(nil)
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

    static func lifetime(ofCountsThatTook time: Duration) -> Duration { min(max(lifetime, time * 100), longest) }

    private func fresh(_ time: TimeSource) -> MetricsSnapshot? {
        taken.withLock { taken in
            guard let taken, time.monotonic() < taken.until else { return nil }
            return taken.snapshot
        }
    }

    private func look(_ store: Store, _ time: TimeSource) async -> Result<MetricsSnapshot, DatabaseError> {
        if let fresh = fresh(time) { return .success(fresh) }
        do throws(DatabaseError) {
            let start = time.monotonic()
            let snapshot = MetricsSnapshot(
                incidents: try await store.incidentCounts(), pages: try await store.pageCounts(),
                oldestDue: try await store.waitingPages(limit: 1).first?.page.dueAt,
                followUps: try await store.followUpBacklog())
            let end = time.monotonic()
            taken.withLock { $0 = (snapshot, end + MetricsCache.lifetime(ofCountsThatTook: end - start)) }
            return .success(snapshot)
        } catch {
            return .failure(error)
        }
    }
}
