package import Database
package import Domain
internal import Synchronization

extension Store {
    /// Returns the first page of each line of these channels, in no order.
    ///
    /// It jumps from line to line in an index. The cost depends on how many lines there are, and not on how many pages
    /// wait in them.
    func heads(
        of channels: [Channel], bundlingWindow: Duration, _ connection: any Connection
    ) throws(DatabaseError) -> [QueuePlace] {
        let statements = try waiting(channels, connection).map { channel in
            queueLooks.statement(of: [channel], bundlingWindow) {
                queueHeads(of: channel, bundlingWindow: bundlingWindow, database.dialect)
            }
        }
        return try connection.batch(statements).flatMap {
            damagedRows.decode($0.rows, of: "pages", isWhole: false, decodeQueuePlace)
        }
    }

    /// Returns those of several channels that have a queued page.
    private func waiting(_ channels: [Channel], _ connection: any Connection) throws(DatabaseError) -> [Channel] {
        guard channels.count > 1 else { return channels }
        let statement = queueLooks.statement(of: channels, nil) { waitingChannels(channels, database.dialect) }
        return try connection.query(statement).map { (row) throws(DatabaseError) in try row.get("channel") }
    }

    /// Returns when the next page of these channels may be claimed, or nil when none waits.
    ///
    /// - Parameter pauses: the contact methods that have to wait, and until when.
    package func nextPage(
        _ channels: [Channel], bundlingWindow: Duration = .zero, pauses: [ContactMethodID: Timestamp] = [:]
    ) async throws(DatabaseError) -> Timestamp? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try heads(of: channels, bundlingWindow: bundlingWindow, connection)
                .map { $0.waiting(pauses).readyAt }.min()
        }
    }
}

extension Dialect {
    /// The channel and the line of a queued page as one value, NULL for other pages.
    ///
    /// Exactly one index serves it. Databases choose an index by statistics, and at the start of a storm those still
    /// say that nothing is queued.
    var place: SQL { "(CASE WHEN state = 'queued' THEN channel || ' ' || line END \(bytewise))" }
}

/// The statements that look at the queue. To write them takes longer than to run them, so each is written once.
final class QueueLooks: Sendable {
    private struct Key: Hashable {
        let channels: [Channel]
        let bundlingWindow: Duration?
    }
    /// There are few workers, but a commit may look for any of them.
    private static let limit = 256
    private let known = Mutex<[Key: SQL]>([:])

    /// - Parameter bundlingWindow: nil for statements that do not depend on it.
    func statement(of channels: [Channel], _ bundlingWindow: Duration?, write: () -> SQL) -> SQL {
        let key = Key(channels: channels, bundlingWindow: bundlingWindow)
        if let statement = known.withLock({ $0[key] }) { return statement }
        let statement = write().written
        known.withLock { known in
            if known.count >= QueueLooks.limit { known = [:] }
            known[key] = statement
        }
        return statement
    }
}

private func waitingChannels(_ channels: [Channel], _ dialect: Dialect) -> SQL {
    let place = dialect.place
    let each = channels.map { channel -> SQL in
        """
        SELECT \(raw: "'\(channel.rawValue)'") AS channel
        WHERE (SELECT \(place) FROM pages WHERE \(place) >= \("\(channel) ") ORDER BY \(place) LIMIT 1) < \("\(channel)!")
        """
    }
    return each.dropFirst().reduce(each[0]) { "\($0) UNION ALL \($1)" }
}

private func queueHeads(of channel: Channel, bundlingWindow: Duration, _ dialect: Dialect) -> SQL {
    let place = dialect.place
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
        WITH RECURSIVE lines (place) AS (
          SELECT (SELECT \(place) FROM pages WHERE \(place) >= \("\(channel) ") ORDER BY \(place) LIMIT 1)
          UNION ALL
          SELECT (SELECT \(place) FROM pages WHERE \(place) > lines.place ORDER BY \(place) LIMIT 1)
          FROM lines WHERE lines.place \(dialect.bytewise) < \("\(channel)!")
        )
        SELECT head.id, head.channel, head.line, head.team_id, head.user_id, head.contact_method_id, head.urgency,
          CASE WHEN head.attempts = 0 AND head.cycle = 1 THEN 0 ELSE 1 END AS is_repeat, head.due_at,
          \(readyAt) AS ready_at,
          CASE WHEN head.attempts > 0 OR head.purpose <> 'incident' OR head.rule LIKE 'retry:%' THEN 0 ELSE 1 END
            AS may_wait
        FROM lines JOIN pages AS head ON head.id = (
          SELECT first.id FROM pages AS first WHERE \(place) = lines.place ORDER BY first.due_at, first.id LIMIT 1)
        WHERE lines.place \(dialect.bytewise) < \("\(channel)!")
        """
}

private func decodeQueuePlace(_ row: Row) throws(DatabaseError) -> QueuePlace {
    QueuePlace(
        page: try row.get("id"), channel: try row.get("channel"), line: try row.get("line"),
        teamID: try row.get("team_id"), userID: try row.get("user_id"),
        contactMethodID: try row.get("contact_method_id"), urgency: try row.get("urgency"),
        isRepeat: try row.get("is_repeat"), dueAt: try row.get("due_at"), readyAt: try row.get("ready_at"),
        mayWait: try row.get("may_wait"))
}
