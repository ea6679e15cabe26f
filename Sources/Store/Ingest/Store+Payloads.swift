package import Database
package import Domain

extension PayloadRecord.Verdict: SQLRepresentable {}

extension Store {
    /// Stores payloads and deletes those above each source's limit. Payloads of deleted sources are dropped.
    ///
    /// Many payloads are stored in several short transactions, so that alerts don't wait for all of them. After an error
    /// some are stored. To store them again changes nothing.
    package func save(_ payloads: [PayloadRecord]) async throws(DatabaseError) {
        var (part, size): ([PayloadRecord], Int) = ([], 0)
        for payload in payloads {
            if part.count == Part.payloads || size + payload.body.count > Part.size && !part.isEmpty {
                try await savePart(part)
                (part, size) = ([], 0)
            }
            part.append(payload)
            size += payload.body.count
        }
        if !part.isEmpty { try await savePart(part) }
    }

    /// The limits of one transaction.
    private enum Part {
        static let payloads = 64
        /// In bytes of their bodies.
        static let size = 1 << 20
    }

    private func savePart(_ payloads: [PayloadRecord]) async throws(DatabaseError) {
        let dialect = database.dialect
        try await database.write { (connection) throws(DatabaseError) in
            let wanted = Set(payloads.map(\.sourceID)).sorted()
            let rows = try connection.query("SELECT id FROM alert_sources WHERE id IN \(list: wanted)")
            let known = Set(try rows.map { (row) throws(DatabaseError) -> SourceID in try row.get("id") })
            var statements = try PayloadRecord.insertion.statements(
                payloads.filter { known.contains($0.sourceID) }.map(\.row), dialect)
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

extension PayloadRecord {
    fileprivate static let insertion = RowStatement.insertion(
        into: "payloads",
        [
            "id": .text, "source_id": .text, "received_at": .bigint, "kind": .text, "content_type": .text,
            "user_agent": .text, "size": .bigint, "body": .bytea, "verdict": .text, "results": .text,
        ])

    /// The values of `insertion`.
    fileprivate var row: [SQLValue] {
        [
            id.sqlValue, sourceID.sqlValue, receivedAt.sqlValue, kind.sqlValue, contentType.sqlValue,
            userAgent.sqlValue, size.sqlValue, body.sqlValue, verdict.sqlValue, results.storedText.sqlValue,
        ]
    }
}

private func decodePayload(_ row: Row) throws(DatabaseError) -> PayloadRecord {
    PayloadRecord(
        id: try row.get("id"), sourceID: try row.get("source_id"), receivedAt: try row.get("received_at"),
        kind: try row.get("kind"), contentType: try row.get("content_type"), userAgent: try row.get("user_agent"),
        size: try row.get("size"), body: try row.get("body"), verdict: try row.get("verdict"),
        results: try row.document("results", of: "payloads"))
}
