package import Database
package import Domain

extension Store {
    /// The maximum number of incidents in one transaction, so that no page waits for long.
    private static let incidentBatch = 20
    /// The maximum number of other rows in one transaction.
    fileprivate static let rowBatch = 500

    /// Deletes one small batch of what is older than the policy allows. The same transaction stores the numbers that
    /// remain for reports, so each incident and each page counts once, whatever happens.
    ///
    /// - Parameter lease: the lease under which it runs. Nil runs without one, which is safe but does the work of a
    ///   running process again.
    /// - Returns: what was deleted. It is empty when nothing is left. Nil when the lease is not current.
    package func prune(
        _ policy: RetentionPolicy, under lease: Lease? = nil, at now: Timestamp
    ) async throws(DatabaseError) -> PruneCount? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            if let lease, try !Store.isCurrent(lease, connection, dialect) { return nil }
            var count = PruneCount()
            if let kept = policy.incidents {
                var remains = DeletedStatistics(since: policy.statistics.map { now - $0 })
                try pruneIncidents(before: now - kept, &count, &remains, connection)
                try remains.write(on: connection, dialect)
                try prunePages(before: now - kept, &count, connection)
            }
            if let kept = policy.audit {
                // The ids grow with time, so only the oldest rows are read.
                count.audit = try connection.execute(
                    """
                    DELETE FROM audit WHERE id IN (SELECT id FROM (
                      SELECT id, at FROM audit ORDER BY id LIMIT \(Store.rowBatch)) AS oldest WHERE at < \(now - kept))
                    """)
            }
            if let kept = policy.statistics {
                for (table, time) in statistics {
                    count.statistics += try connection.execute(deletion(in: table, where: time, before: now - kept))
                }
            }
            count.expired += try connection.execute("DELETE FROM sessions WHERE expires_at <= \(now)")
            count.expired += try connection.execute("DELETE FROM password_resets WHERE expires_at <= \(now)")
            count.expired += try connection.execute(
                "DELETE FROM idempotency_keys WHERE claimed_at <= \(now - Store.idempotencyAge)")
            try connection.execute("DELETE FROM beats WHERE at < \(now - Heartbeat.Limits.signalsAge)")
            return count
        }
    }

    /// Deletes resolved incidents with everything that belongs to them.
    ///
    /// It locks the incidents before it counts them. Otherwise two processes without a lease could count the same ones.
    private func pruneIncidents(
        before limit: Timestamp, _ count: inout PruneCount, _ remains: inout DeletedStatistics,
        _ connection: any Connection
    ) throws(DatabaseError) {
        let rows = try connection.query(
            """
            SELECT id, number, \(DeletedStatistics.incidentColumns.all) FROM incidents
            WHERE \(resolved(before: limit))
            ORDER BY resolved_at LIMIT \(Store.incidentBatch) \(database.dialect.lockForUpdate)
            """)
        guard !rows.isEmpty else { return }
        let ids = try rows.map { (row) throws(DatabaseError) -> IncidentID in try row.get("id") }
        let numbers = try rows.map { (row) throws(DatabaseError) -> Int in try row.get("number") }
        try connection.execute(
            "DELETE FROM attempts WHERE page_id IN (SELECT id FROM pages WHERE incident_id IN \(list: ids))")
        let pages = try connection.query(
            "DELETE FROM pages WHERE incident_id IN \(list: ids) RETURNING \(DeletedStatistics.pageColumns.all)")
        for page in pages { try remains.addPage(page) }
        count.pages += pages.count
        for table in ["timeline", "alert_keys", "follow_ups", "posts"] {
            try connection.execute("DELETE FROM \(raw: table) WHERE incident_id IN \(list: ids)")
        }
        for row in rows { try remains.addIncident(row) }
        count.incidents += try connection.execute("DELETE FROM incidents WHERE id IN \(list: ids)")
        try SearchChange.noteDeletion(of: numbers, connection)
    }

    /// Deletes pages that belong to no incident and have ended. No report counts them.
    private func prunePages(
        before limit: Timestamp, _ count: inout PruneCount, _ connection: any Connection
    ) throws(DatabaseError) {
        let ids = try connection.query(
            """
            SELECT id FROM (SELECT id, state FROM pages WHERE incident_id IS NULL AND queued_at < \(limit)
              ORDER BY queued_at LIMIT \(Store.rowBatch)) AS oldest
            WHERE state NOT IN ('queued', 'claimed')
            """
        ).map { (row) throws(DatabaseError) -> PageID in try row.get("id") }
        guard !ids.isEmpty else { return }
        try connection.execute("DELETE FROM attempts WHERE page_id IN \(list: ids)")
        count.pages += try connection.execute("DELETE FROM pages WHERE id IN \(list: ids)")
    }

    /// Counts what the policy would delete now.
    package func countPrunable(
        _ policy: RetentionPolicy, at now: Timestamp
    ) async throws(DatabaseError) -> PruneCount {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            func number(_ rows: SQL) throws(DatabaseError) -> Int {
                try connection.query("SELECT COUNT(*) AS count FROM \(rows)").first?.get("count") ?? 0
            }
            var count = PruneCount()
            if let kept = policy.incidents {
                let old = resolved(before: now - kept)
                count.incidents = try number("incidents WHERE \(old)")
                count.pages =
                    try number("pages WHERE incident_id IN (SELECT id FROM incidents WHERE \(old))")
                    + number(
                        """
                        pages WHERE incident_id IS NULL AND queued_at < \(now - kept)
                          AND state NOT IN ('queued', 'claimed')
                        """)
            }
            if let kept = policy.audit { count.audit = try number("audit WHERE at < \(now - kept)") }
            if let kept = policy.statistics {
                for (table, time) in statistics {
                    count.statistics += try number("\(raw: table) WHERE \(raw: time) < \(now - kept)")
                }
            }
            count.expired =
                try number("sessions WHERE expires_at <= \(now)")
                + number("password_resets WHERE expires_at <= \(now)")
                + number("idempotency_keys WHERE claimed_at <= \(now - Store.idempotencyAge)")
            return count
        }
    }
}

/// The tables with numbers for reports, and what says their age.
private let statistics = [("incident_statistics", "opened_at"), ("page_statistics", "sent_at")]

/// Deletes the oldest rows, up to the whole of a quarter of an hour.
private func deletion(in table: String, where time: String, before limit: Timestamp) -> SQL {
    """
    DELETE FROM \(raw: table) WHERE \(raw: time) <= (SELECT MAX(\(raw: time)) FROM (
      SELECT \(raw: time) FROM \(raw: table) WHERE \(raw: time) < \(limit)
      ORDER BY \(raw: time) LIMIT \(Store.rowBatch)) AS oldest)
    """
}

/// Selects incidents that were resolved before an instant.
private func resolved(before limit: Timestamp) -> SQL {
    "resolved_at IS NOT NULL AND resolved_at < \(limit) AND state = 'resolved'"
}
