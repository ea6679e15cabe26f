#if DEBUG || MICRO
import Database
import Domain
import Store
import TestSupport

/// From decisions to a transaction that is on the disk.
func commit() async throws {
    for kind in TestDatabase.kinds {
        let sample = Sample()
        let store = Store(
            database: try await kind.open(), identifiers: sample.identifiers, leaseClock: .manual { sample.now })
        _ = try await store.migrate(at: sample.now)
        try await store.change(sample.team.changes, at: sample.now)
        var opened = 0
        for (count, rounds) in [(1, 200), (64, 50)] {
            try await measure("commit openings, \(count) at a time, \(kind)", of: count, rounds: rounds) {
                let commits = (opened..<opened + count).map {
                    Commit(before: nil, transition: sample.opening("disk-\($0)"))
                }
                opened += count
                for result in await store.commit(commits, at: sample.now) {
                    if case .committed = result { continue }
                    throw DatabaseError.closed
                }
                return count
            }
        }
        await store.database.close()
    }
}
#endif
