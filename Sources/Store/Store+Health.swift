package import Database
package import Domain

extension Store {
    /// Checks that the database accepts changes, by making one. Reading also works on a full disk and from a file that
    /// is read-only.
    package func checkWriting(at now: Timestamp) async throws(DatabaseError) {
        try await database.run(
            """
            INSERT INTO counters (name, value) VALUES ('health-check', \(now))
            ON CONFLICT (name) DO UPDATE SET value = excluded.value
            """)
    }
}
