package import Database
package import Domain

extension Store {
    /// Returns when the latest payload of each source arrived.
    package func latestPayloads() async throws(DatabaseError) -> [SourceID: Timestamp] {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            var times: [SourceID: Timestamp] = [:]
            for row in try connection.query(
                "SELECT source_id, MAX(received_at) AS received_at FROM payloads GROUP BY source_id")
            {
                times[try row.get("source_id")] = try row.get("received_at")
            }
            return times
        }
    }
}
