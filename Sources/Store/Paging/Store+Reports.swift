package import Database
package import Domain

/// A page that failed because of a report or a missing one. Its incident must move on.
package struct EndedPage: Sendable, Hashable {
    package var incidentID: IncidentID?
    package var page: FailedPage

    package init(incidentID: IncidentID?, page: FailedPage) {
        self.incidentID = incidentID
        self.page = page
    }
}

extension Store {
    /// Applies delivery reports. Page states only move forward, so duplicate, late and reordered reports change
    /// nothing. A report that precedes the result of its attempt is kept until that is stored. A report for an unknown
    /// message is deleted after a day.
    ///
    /// - Returns: the pages that failed. Their follow-ups are stored in the same transaction.
    package func apply(
        _ reports: [DeliveryReport], names: @escaping @Sendable (UserID) -> String, at now: Timestamp
    ) async throws(DatabaseError) -> [EndedPage] {
        let identifiers = identifiers
        let dialect = database.dialect
        let final = reports.filter { $0.status != .pending }
        guard !final.isEmpty else { return [] }
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            var ended: [EndedPage] = []
            var touched: Set<IncidentID> = []
            // The lock makes a concurrent writer of the attempt's result see the report, or the report see the result.
            let known = try connection.query(
                """
                SELECT \(claimedPageColumns.all) FROM pages
                WHERE message_id IN \(list: final.map(\.messageID)) ORDER BY id
                \(dialect.lockForUpdate)
                """)
            var pagesByMessage: [String: [ClaimedPage]] = [:]
            for page in try known.map(decodeClaimedPage) {
                pagesByMessage[page.message ?? "", default: []].append(page)
            }
            let unknown = Set(final.map(\.messageID)).subtracting(pagesByMessage.keys)
            if !unknown.isEmpty {
                for row in try connection.query(
                    """
                    SELECT reference, \(claimedPageColumns.all) FROM pages
                    WHERE reference IN \(list: unknown.sorted()) ORDER BY id
                    \(dialect.lockForUpdate)
                    """)
                { pagesByMessage[try row.get("reference"), default: []].append(try decodeClaimedPage(row)) }
            }
            for report in final {
                let pages = pagesByMessage[report.messageID] ?? []
                let hasArrived = report.status != .failed
                if pages.contains(where: { $0.page.state == .claimed || ($0.page.state == .queued && !hasArrived) }) {
                    try keep(report, at: now, connection)
                    continue
                }
                for page in pages where page.page.state != .delivered {
                    if let incident = page.incidentID { touched.insert(incident) }
                    let name = names(page.page.userID)
                    ended += try conclude(page, with: report, name: name, at: now, identifiers, connection)
                }
            }
            try owe(ended, at: now, on: connection)
            for event in StoreEvent.changed(touched.sorted()) { try notify(event, on: connection) }
            return ended
        }
    }

    /// Fails pages whose delivery report is overdue. Acceptance by the provider does not count as delivery.
    ///
    /// - Returns: the pages, or nil when the lease is not current.
    package func failUnreported(
        under lease: Lease, names: @escaping @Sendable (UserID) -> String, at now: Timestamp
    ) async throws(DatabaseError) -> [EndedPage]? {
        let dialect = database.dialect
        let identifiers = identifiers
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            try connection.execute("DELETE FROM early_reports WHERE at < \(now - .hours(24))")
            let pages = try connection.query(
                """
                SELECT \(claimedPageColumns.all) FROM pages
                WHERE state = 'sent' AND receipt_due_at IS NOT NULL AND receipt_due_at <= \(now)
                ORDER BY id LIMIT 500 \(dialect.lockFreeRows)
                """
            ).map(decodeClaimedPage)
            var ended: [EndedPage] = []
            for page in pages {
                let report = DeliveryReport(
                    messageID: "", status: .failed, at: now, explanation: "no delivery report came in time")
                let name = names(page.page.userID)
                ended += try conclude(page, with: report, name: name, at: now, identifiers, connection)
            }
            try owe(ended, at: now, on: connection)
            return ended
        }
    }

    /// Returns when the next report is overdue, or nil when none is expected.
    package func nextReportDue() async throws(DatabaseError) -> Timestamp? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT MIN(receipt_due_at) AS due FROM pages WHERE state = 'sent' AND receipt_due_at IS NOT NULL
                """
            ).first?.get("due")
        }
    }
}

private func keep(_ report: DeliveryReport, at now: Timestamp, _ connection: any Connection) throws(DatabaseError) {
    try connection.execute(
        """
        INSERT INTO early_reports (message_id, status, at, explanation)
        VALUES (\(report.messageID), \(report.status.rawValue), \(now), \(report.explanation))
        ON CONFLICT (message_id) DO UPDATE SET status = excluded.status, explanation = excluded.explanation
          WHERE early_reports.status = 'failed'
        """)
}

/// Applies reports that arrived before the results of their attempts were stored.
func applyEarlyReports(
    to attempts: [DeliveryAttempt], at now: Timestamp, _ identifiers: Identifiers, _ connection: any Connection
) throws(DatabaseError) -> [EndedPage] {
    guard !attempts.isEmpty else { return [] }
    let rows = try connection.query(
        """
        SELECT message_id, status, explanation FROM early_reports
        WHERE message_id IN \(list: attempts.map(\.message.id))
        """)
    var ended: [EndedPage] = []
    for row in rows {
        let id: String = try row.get("message_id")
        guard let status = DeliveryReport.Status(rawValue: try row.get("status")) else { continue }
        // The failure of an attempt that is retried says nothing about the retry.
        let concerned = attempts.filter { $0.message.id == id && ($0.next == .sent || status != .failed) }
        guard !concerned.isEmpty else { continue }
        let report = DeliveryReport(messageID: id, status: status, at: nil, explanation: try row.get("explanation"))
        for attempt in concerned {
            for page in attempt.message.pages {
                let name = attempt.people[page.page.userID] ?? "a deleted user"
                ended += try conclude(page, with: report, name: name, at: now, identifiers, connection)
            }
        }
        try connection.execute("DELETE FROM early_reports WHERE message_id = \(id)")
    }
    return ended
}

private let arrivedLate = " It was reported as delivered later."

/// Moves one sent page forward and adds an entry to the incident's timeline.
private func conclude(
    _ claimed: ClaimedPage, with report: DeliveryReport, name: String, at now: Timestamp, _ identifiers: Identifiers,
    _ connection: any Connection
) throws(DatabaseError) -> [EndedPage] {
    let page = claimed.page
    let hasFailed = report.status == .failed
    let fault: String? = hasFailed ? report.explanation : nil
    let next: Page.State = hasFailed ? .failed : .delivered
    // An earlier attempt of a page that waits for a retry has arrived.
    let from: [Page.State] = hasFailed ? [.sent] : [.sent, .queued]
    var moved = try connection.execute(
        """
        UPDATE pages SET state = \(next), finished_at = \(now), fault = \(fault), receipt_due_at = NULL
        WHERE id = \(page.id) AND \(knownPageState) IN \(list: from)
        """)
    if moved == 0 && !hasFailed {
        // The page counts as failed, and its incident has moved on. Record its late arrival once.
        moved = try connection.execute(
            """
            UPDATE pages SET fault = COALESCE(fault, '') || \(arrivedLate)
            WHERE id = \(page.id) AND \(knownPageState) = 'failed' AND fault NOT LIKE \("%" + arrivedLate)
            """)
    }
    guard moved == 1 else { return [] }
    let event: TimelineEntry.Event =
        hasFailed
        ? .pageFailed(page: page.id, person: name, channel: page.channel, explanation: report.explanation)
        : .pageDelivered(page: page.id, person: name, channel: page.channel)
    if let incident = claimed.incidentID {
        let entry = TimelineEntry(at: now, author: .system, event: event)
        try connection.execute(entry.insertion(incident: incident, id: identifiers.next()))
    }
    guard hasFailed else { return [] }
    let failed = FailedPage(
        id: page.id, userID: page.userID, userName: name, channel: page.channel, cycle: claimed.cycle,
        explanation: report.explanation)
    return [EndedPage(incidentID: claimed.incidentID, page: failed)]
}
