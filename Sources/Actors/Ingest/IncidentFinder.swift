internal import Database
internal import Domain
internal import Store

/// Finds the incidents of dedup keys. Questions that arrive while the database answers share the next statement, so a
/// storm of new problems asks a few times, not once for each.
struct IncidentFinder: Sendable {
    /// The maximum number of questions in one statement.
    private static let limit = 200

    private let questions: Batcher<IncidentLookup, Result<Incident?, DatabaseError>>

    init(store: Store) {
        questions = Batcher(limit: IncidentFinder.limit) { lookups in
            do throws(DatabaseError) {
                return try await store.incidents(of: lookups)
            } catch {
                return lookups.map { _ in .failure(error) }
            }
        }
    }

    /// Returns the open incident of a key, or else the newest one if it was resolved at or after an instant.
    func incident(of problem: IncidentKey, resolvedSince: Timestamp?) async throws(DatabaseError) -> Incident? {
        let lookup = IncidentLookup(
            sourceID: problem.sourceID, teamID: problem.teamID, key: problem.key, resolvedSince: resolvedSince)
        return try await questions.submit(lookup).get()
    }
}
