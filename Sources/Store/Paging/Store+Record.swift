package import Database
package import Domain

extension Store {
    /// Stores the results of attempts: the attempts themselves, page states and timeline entries.
    ///
    /// A result counts until another claim takes the page, no matter who holds the lease, because the message has
    /// already left. Storing a result twice has no further effect.
    ///
    /// - Returns: the pages that ended without arriving. Their follow-ups are stored in the same transaction.
    package func record(
        _ attempts: [DeliveryAttempt], at now: Timestamp
    ) async throws(DatabaseError) -> [EndedPage] {
        let (dialect, identifiers) = (database.dialect, identifiers)
        // In the order of ids, like everything that changes several pages.
        let results = attempts.flatMap { attempt in
            attempt.message.pages.map { PageResult(attempt, $0, at: now, identifiers) }
        }.sorted { $0.id < $1.id }
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            let moved = try move(results, at: now, connection, dialect)
            let winners = results.filter { moved.contains($0.id) }
            var written = try PageResult.log.statements(results.map(\.logRow), dialect)
            written += try TimelineEntry.lateInsertion.statements(winners.compactMap(\.entry), dialect)
            if !written.isEmpty { _ = try connection.batch(written) }
            var ended = winners.filter { $0.attempt.next == .fail }.map(\.ended)
            ended += try applyEarlyReports(
                to: attempts.filter { $0.next != .fail }, at: now, identifiers, connection)
            try owe(ended, at: now, on: connection)
            let incidents = Set(attempts.flatMap(\.message.pages).compactMap(\.incidentID))
            for event in StoreEvent.changed(incidents.sorted()) { try notify(event, on: connection) }
            return ended
        }
    }

    /// Withholds due pages while sending is disabled. They never leave by themselves.
    ///
    /// - Returns: the pages, or nil when the lease is not current.
    package func withhold(
        _ request: ClaimRequest, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [ClaimedPage]? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            let due = try duePages(request, connection, now).map(\.page.id)
            guard !due.isEmpty else { return [] }
            return try connection.query(
                """
                UPDATE pages SET state = 'withheld', finished_at = \(now), fault = 'sending is disabled'
                WHERE id IN (SELECT id FROM pages WHERE id IN \(list: due) AND \(knownPageState) = 'queued'
                  ORDER BY id \(dialect.lockFreeRows))
                RETURNING \(claimedPageColumns.all)
                """
            ).map(decodeClaimedPage)
        }
    }

    /// Adds timeline entries that no decision produced.
    package func append(_ entries: [(IncidentID, TimelineEntry)]) async throws(DatabaseError) {
        let dialect = database.dialect
        let rows = entries.map { $0.1.lateRow(incident: $0.0, id: identifiers.next()) }
        guard !rows.isEmpty else { return }
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            _ = try connection.batch(TimelineEntry.lateInsertion.statements(rows, dialect))
        }
    }
}
