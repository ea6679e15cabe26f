package import Database
package import Domain

extension Store {
    /// Marks all waiting pages as delivered. For the demo's history only: nothing was sent.
    package func settleDemoPages(at now: Timestamp) async throws(DatabaseError) {
        try await database.run(
            """
            UPDATE pages
            SET state = 'delivered', attempts = 1, provider = 'demo', message_id = id, sent_at = \(now), finished_at = \(now)
            WHERE state = 'queued'
            """)
    }
}
