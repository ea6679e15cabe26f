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
        let identifiers = identifiers
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            // In the order of ids, like everything that changes several pages.
            let results = attempts.flatMap { attempt in attempt.message.pages.map { PageResult(attempt, $0) } }
                .sorted { $0.claimed.page.id < $1.claimed.page.id }
            let moved = try connection.batch(results.map { $0.move(at: now) })
            var written = results.map(\.log)
            var ended: [EndedPage] = []
            for (result, move) in zip(results, moved) where move.affected == 1 {
                if let event = result.event, let incident = result.claimed.incidentID {
                    let entry = TimelineEntry(at: now, author: .system, event: event)
                    written.append(Store.append(entry, to: incident, identifiers: identifiers))
                }
                if result.attempt.next == .fail { ended.append(result.ended) }
            }
            _ = try connection.batch(written)
            for attempt in attempts where attempt.next != .fail {
                ended += try applyEarlyReport(
                    attempt.message, attempt.people, isSent: attempt.next == .sent, at: now, identifiers, connection)
            }
            try owe(ended, at: now, on: connection)
            let incidents = Set(attempts.flatMap(\.message.pages).compactMap(\.incidentID))
            try notify(.incidents(incidents.sorted()), on: connection)
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
        let identifiers = identifiers
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            let statements = entries.map { Store.append($0.1, to: $0.0, identifiers: identifiers) }
            _ = try connection.batch(statements)
        }
    }
}

/// The result of an attempt for one of its pages.
private struct PageResult {
    let attempt: DeliveryAttempt
    let claimed: ClaimedPage

    init(_ attempt: DeliveryAttempt, _ claimed: ClaimedPage) {
        self.attempt = attempt
        self.claimed = claimed
    }

    private var page: Page { claimed.page }
    private var person: String { attempt.people[page.userID] ?? "a deleted user" }
    private var explanation: String? { attempt.receipt.explanation }

    /// Selects the page as long as it belongs to the result's claim.
    private var claim: SQL {
        """
        id = \(page.id) AND message_id = \(attempt.message.id) AND epoch = \(attempt.message.epoch)
        AND attempts = \(page.attempts)
        """
    }

    /// Changes one row, or none if the result is already known or another claim took the page.
    func move(at now: Timestamp) -> SQL {
        switch attempt.next {
        case .sent:
            let reference: String? = if case .accepted(let reference, _) = attempt.receipt { reference } else { nil }
            // Also applies if a new leaseholder has queued the page again, since it need not leave twice.
            return """
                UPDATE pages SET state = 'sent', sent_at = \(now), reference = \(reference), fault = NULL,
                  body = NULL, receipt_due_at = \(attempt.receiptDueAt) WHERE \(claim) AND \(knownPageState) IN ('claimed', 'queued')
                """
        case .retry(let at):
            let mayHaveLeft: Bool = if case .unknown = attempt.receipt { true } else { page.isPossibleDuplicate }
            return Requeue(
                pages: "\(claim) AND \(knownPageState) = 'claimed'", earliest: "\(at)", fault: "\(explanation)",
                isPossibleDuplicate: "\(mayHaveLeft)"
            ).statement
        case .fail:
            return """
                UPDATE pages SET state = 'failed', finished_at = \(now), fault = \(explanation), body = NULL
                WHERE \(claim) AND \(knownPageState) = 'claimed'
                """
        }
    }

    var log: SQL {
        """
        INSERT INTO attempts (page_id, number, at, duration, provider, result, explanation)
        VALUES (\(page.id), \(page.attempts), \(attempt.startedAt), \(attempt.duration), \(attempt.provider),
          \(attempt.receipt.word), \(explanation))
        ON CONFLICT DO NOTHING
        """
    }

    var event: TimelineEntry.Event? {
        switch attempt.next {
        case .sent:
            .pageSent(
                page: page.id, person: person, channel: page.channel, possibleDuplicate: page.isPossibleDuplicate)
        case .retry: nil
        case .fail:
            .pageFailed(
                page: page.id, person: person, channel: page.channel,
                explanation: explanation ?? "no reason was given")
        }
    }

    var ended: EndedPage {
        EndedPage(
            incidentID: claimed.incidentID,
            page: FailedPage(
                id: page.id, userID: page.userID, userName: person, channel: page.channel, cycle: claimed.cycle,
                explanation: explanation ?? ""))
    }
}
