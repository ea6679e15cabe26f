package import Database
package import Domain

extension PayloadRecord.Verdict: SQLRepresentable {}

extension Store {
    /// Stores payloads and deletes those above each source's limit. Payloads of deleted sources are dropped.
    package func save(_ payloads: [PayloadRecord]) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            let wanted = Set(payloads.map(\.sourceID)).sorted()
            let rows = try connection.query("SELECT id FROM alert_sources WHERE id IN \(list: wanted)")
            let known = Set(try rows.map { (row) throws(DatabaseError) -> SourceID in try row.get("id") })
            var statements = payloads.filter { known.contains($0.sourceID) }.map(insertion)
            for source in wanted where known.contains(source) {
                statements.append(
                    """
                    DELETE FROM payloads WHERE source_id = \(source) AND id NOT IN (
                      SELECT id FROM payloads WHERE source_id = \(source)
                      ORDER BY id DESC LIMIT \(PayloadRecord.Limits.perSource))
                    """)
            }
            if !statements.isEmpty { _ = try connection.batch(statements) }
        }
    }

    /// Returns a source's latest payloads, newest first.
    package func payloads(of source: SourceID) async throws(DatabaseError) -> [PayloadRecord] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT id, source_id, received_at, kind, content_type, user_agent, size, body, verdict, results
                FROM payloads WHERE source_id = \(source)
                ORDER BY id DESC LIMIT \(PayloadRecord.Limits.perSource)
                """
            ).map(decodePayload)
        }
    }
}

private func insertion(_ payload: PayloadRecord) -> SQL {
    """
    INSERT INTO payloads (id, source_id, received_at, kind, content_type, user_agent, size, body, verdict, results)
    VALUES (\(payload.id), \(payload.sourceID), \(payload.receivedAt), \(payload.kind), \(payload.contentType),
      \(payload.userAgent), \(payload.size), \(payload.body), \(payload.verdict), \(payload.results.storedText))
    ON CONFLICT DO NOTHING
    """
}

private func decodePayload(_ row: Row) throws(DatabaseError) -> PayloadRecord {
    PayloadRecord(
        id: try row.get("id"), sourceID: try row.get("source_id"), receivedAt: try row.get("received_at"),
        kind: try row.get("kind"), contentType: try row.get("content_type"), userAgent: try row.get("user_agent"),
        size: try row.get("size"), body: try row.get("body"), verdict: try row.get("verdict"),
        results: try row.document("results", of: "payloads"))
}
