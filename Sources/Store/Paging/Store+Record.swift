package import Database
package import Domain

extension Store {
    /// Stores the results of hand-overs under the lease: attempts, page states, timeline.
    ///
    /// - Returns: the pages that ended without arriving, or nil when the lease is not current: the next holder then
    ///   sends all of them again, marked.
    package func record(
        _ attempts: [DeliveryAttempt], under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [EndedPage]? {
        let dialect = database.dialect
        let identifiers = identifiers
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            var ended = attempts.filter { $0.next == .fail }.flatMap(\.endedPages)
            var written: [SQL] = []
            for handOver in attempts {
                for page in handOver.message.pages {
                    written += try statements(for: page, of: handOver, at: now, identifiers: identifiers)
                }
            }
            _ = try connection.batch(written)
            for handOver in attempts where handOver.next == .sent {
                ended += try applyEarlyReport(handOver.message, handOver.people, at: now, identifiers, connection)
            }
            let incidents = Set(attempts.flatMap(\.message.pages).compactMap(\.incidentID))
            try notify(.incidents(incidents.sorted()), on: connection)
            return ended
        }
    }

    /// Withholds what is due while sending is disabled. It never leaves by itself.
    ///
    /// - Returns: the pages, or nil when the lease is not current.
    package func withhold(
        _ request: ClaimRequest, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [ClaimedPage]? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            return try connection.query(
                """
                UPDATE pages SET state = 'withheld', finished_at = \(now), fault = 'sending is disabled'
                WHERE id IN (SELECT id FROM pages WHERE state = 'queued' AND due_at <= \(now)
                  AND channel IN \(list: request.channels) ORDER BY due_at LIMIT 500)
                RETURNING \(claimedPageColumns.all)
                """
            ).map(decodeClaimedPage)
        }
    }

    /// Adds entries to timelines outside of a decision.
    package func append(_ entries: [(IncidentID, TimelineEntry)]) async throws(DatabaseError) {
        let identifiers = identifiers
        try await database.write { (connection) throws(DatabaseError) in
            let statements = try entries.map { (entry) throws(DatabaseError) in
                try Store.append(entry.1, to: entry.0, identifiers: identifiers)
            }
            _ = try connection.batch(statements)
        }
    }
}

private func statements(
    for claimed: ClaimedPage, of handOver: DeliveryAttempt, at now: Timestamp, identifiers: Identifiers
) throws(DatabaseError) -> [SQL] {
    let page = claimed.page
    let explanation = handOver.receipt.explanation
    var statements: [SQL] = [
        """
        INSERT INTO attempts (page_id, number, at, duration, provider, result, explanation)
        VALUES (\(page.id), \(page.attempts), \(handOver.startedAt), \(handOver.duration), \(handOver.provider),
          \(handOver.receipt.word), \(explanation))
        ON CONFLICT DO NOTHING
        """
    ]
    var event: TimelineEntry.Event?
    let person = handOver.people[page.userID] ?? "a deleted user"
    switch handOver.next {
    case .sent:
        let reference: String? = if case .accepted(let reference, _) = handOver.receipt { reference } else { nil }
        let dueAt: Timestamp? = handOver.receiptDueAt
        statements.append(
            """
            UPDATE pages SET state = 'sent', sent_at = \(now), reference = \(reference), fault = NULL,
              receipt_due_at = \(dueAt) WHERE id = \(page.id) AND state = 'claimed'
            """)
        event = .pageSent(
            page: page.id, person: person, channel: page.channel, possibleDuplicate: page.isPossibleDuplicate)
    case .retry(let at):
        let mayHaveLeft: Bool = if case .unknown = handOver.receipt { true } else { page.isPossibleDuplicate }
        statements.append(
            """
            UPDATE pages SET state = 'queued', due_at = \(at), fault = \(explanation),
              is_possible_duplicate = \(mayHaveLeft) WHERE id = \(page.id) AND state = 'claimed'
            """)
    case .fail:
        statements.append(
            """
            UPDATE pages SET state = 'failed', finished_at = \(now), fault = \(explanation)
            WHERE id = \(page.id) AND state = 'claimed'
            """)
        event = .pageFailed(
            page: page.id, person: person, channel: page.channel, explanation: explanation ?? "no reason was given")
    }
    if let event, let incident = claimed.incidentID {
        let entry = TimelineEntry(at: now, author: .system, event: event)
        statements.append(try Store.append(entry, to: incident, identifiers: identifiers))
    }
    return statements
}
