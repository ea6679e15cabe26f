package import Database
package import Domain

extension Store {
    /// Returns what is known of all people's drills.
    package func drills() async throws(DatabaseError) -> [UserID: Drill.Record] {
        try await database.read { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT dedup_key, MAX(opened_at) AS last_at,
                  MAX(CASE WHEN first_acknowledged_at <= opened_at + \(Drill.patience) THEN first_acknowledged_at END)
                    AS proven_at
                FROM incidents WHERE source_id = \(Drill.sourceID) GROUP BY dedup_key
                """)
            var records: [UserID: Drill.Record] = [:]
            for row in rows {
                let key: String = try row.get("dedup_key")
                guard key.hasPrefix("drill:") else { continue }
                records[UserID(String(key.dropFirst("drill:".count)))] = Drill.Record(
                    lastAt: try row.get("last_at"), provenAt: try row.get("proven_at"))
            }
            return records
        }
    }
}
