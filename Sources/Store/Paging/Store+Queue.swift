package import Database
package import Domain

extension Store {
    /// Returns the first page of each line of these channels, in no order.
    ///
    /// It jumps from line to line in an index. The cost depends on how many lines there are, and not on how many pages
    /// wait in them.
    func heads(
        of channels: [Channel], bundlingWindow: Duration, _ connection: any Connection
    ) throws(DatabaseError) -> [QueuePlace] {
        let statements = channels.map { queueHeads(of: $0, bundlingWindow: bundlingWindow) }
        var places: [QueuePlace] = []
        for result in try connection.batch(statements) {
            places += damagedRows.decode(result.rows, of: "pages", isWhole: false, decodeQueuePlace)
        }
        return places
    }

    /// Returns when the next page of these channels may be claimed, or nil when none waits.
    package func nextPage(
        _ channels: [Channel], bundlingWindow: Duration = .zero
    ) async throws(DatabaseError) -> Timestamp? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try heads(of: channels, bundlingWindow: bundlingWindow, connection).map(\.readyAt).min()
        }
    }
}

private func queueHeads(of channel: Channel, bundlingWindow: Duration) -> SQL {
    let readyAt: SQL =
        bundlingWindow == .zero
        ? "head.due_at"
        : """
        CASE WHEN head.attempts > 0 OR head.purpose <> 'incident' OR head.rule LIKE 'retry:%' THEN head.due_at ELSE COALESCE((
          SELECT recent.claimed_at + \(bundlingWindow) FROM pages AS recent
          WHERE recent.contact_method_id = head.contact_method_id AND recent.purpose = 'incident'
            AND recent.claimed_at > head.due_at - \(bundlingWindow)
          ORDER BY recent.claimed_at DESC LIMIT 1), head.due_at) END
        """
    return """
        WITH RECURSIVE lines (line) AS (
          SELECT MIN(line) FROM pages WHERE state = 'queued' AND channel = \(channel)
          UNION ALL
          SELECT (SELECT MIN(pages.line) FROM pages
            WHERE pages.state = 'queued' AND pages.channel = \(channel) AND pages.line > lines.line)
          FROM lines WHERE lines.line IS NOT NULL
        )
        SELECT head.id, head.channel, head.line, head.team_id, head.user_id, head.contact_method_id, head.urgency,
          CASE WHEN head.attempts = 0 AND head.cycle = 1 THEN 0 ELSE 1 END AS is_repeat, head.due_at,
          \(readyAt) AS ready_at
        FROM lines JOIN pages AS head ON head.id = (
          SELECT first.id FROM pages AS first
          WHERE first.state = 'queued' AND first.channel = \(channel) AND first.line = lines.line
          ORDER BY first.due_at, first.id LIMIT 1)
        """
}

private func decodeQueuePlace(_ row: Row) throws(DatabaseError) -> QueuePlace {
    QueuePlace(
        page: try row.get("id"), channel: try row.get("channel"), line: try row.get("line"),
        teamID: try row.get("team_id"), userID: try row.get("user_id"),
        contactMethodID: try row.get("contact_method_id"), urgency: try row.get("urgency"),
        isRepeat: try row.get("is_repeat"), dueAt: try row.get("due_at"), readyAt: try row.get("ready_at"))
}
