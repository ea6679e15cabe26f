package import Database
package import Domain

/// The parameters of a claim.
package struct ClaimRequest: Sendable {
    package var channels: [Channel]
    package var provider: String
    /// The maximum number of messages, at most 100.
    package var limit: Int
    /// A contact method that received a message this recently waits, so that its next pages leave together.
    package var bundlingWindow: Duration
    /// The maximum number of pages in one message.
    package var bundleLimit: Int

    package init(
        channels: [Channel], provider: String, limit: Int, bundlingWindow: Duration = .zero, bundleLimit: Int = 1_000
    ) {
        self.channels = channels
        self.provider = provider
        self.limit = limit
        self.bundlingWindow = bundlingWindow
        self.bundleLimit = bundleLimit
    }
}

/// The result of a claim.
package enum ClaimResult: Sendable {
    case claimed([ClaimedMessage])
    /// Pages are due, but other transactions have locked all of them. Retry in a moment.
    case contended
    /// The lease is no longer current.
    case fenced
}

extension Store {
    /// Claims due pages in order of need: high urgency first, then first pages before repeats, then teams in turn, then
    /// people in turn, then by age.
    ///
    /// A page whose earlier attempt may have succeeded keeps its message id, so that the provider recognizes it. Pages
    /// locked by another transaction are left for the next claim, so a claim never waits.
    package func claim(
        _ request: ClaimRequest, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> ClaimResult {
        let damage = damagedRows
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return .fenced }
            let rows = try connection.query(candidates(request, at: now))
            let candidates = damage.decode(rows, of: "pages", isWhole: false, decodeClaimedPage)
            let messages = bundle(candidates, request, lease.epoch)
            let updates = messages.map { message -> SQL in
                """
                UPDATE pages SET state = 'claimed', epoch = \(lease.epoch), claimed_at = \(now),
                  attempts = attempts + 1, provider = \(request.provider), message_id = \(message.id)
                WHERE state = 'queued' AND id IN (
                  SELECT id FROM pages WHERE id IN \(list: message.pages.map(\.page.id)) AND state = 'queued'
                  ORDER BY id \(dialect.lockFreeRows))
                RETURNING id
                """
            }
            guard !updates.isEmpty else { return .claimed([]) }
            let claimed = try confirm(messages, try connection.batch(updates))
            return claimed.isEmpty ? .contended : .claimed(claimed)
        }
    }

    /// Returns when the next page of these channels may be claimed, or nil when none waits.
    package func nextPage(
        _ channels: [Channel], bundlingWindow: Duration = .zero
    ) async throws(DatabaseError) -> Timestamp? {
        let statement: SQL =
            bundlingWindow == .zero
            ? "SELECT MIN(due_at) AS due FROM pages WHERE state = 'queued' AND channel IN \(list: channels)"
            : """
            SELECT MIN(CASE WHEN attempts > 0 OR purpose <> 'incident' OR free_at < due_at THEN due_at ELSE free_at END)
              AS due
            FROM (
              SELECT due_at, attempts, purpose, COALESCE((
                SELECT MAX(recent.claimed_at) FROM pages AS recent
                WHERE recent.contact_method_id = pages.contact_method_id AND recent.purpose = 'incident'), 0)
                + \(bundlingWindow) AS free_at
              FROM pages WHERE state = 'queued' AND channel IN \(list: channels)
            ) AS waiting
            """
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(statement).first?.get("due")
        }
    }
}

private func candidates(_ request: ClaimRequest, at now: Timestamp) -> SQL {
    let quiet: SQL =
        request.bundlingWindow > .zero
        ? """
        AND (attempts > 0 OR purpose <> 'incident' OR NOT EXISTS (
          SELECT 1 FROM pages AS recent WHERE recent.contact_method_id = pages.contact_method_id
            AND recent.purpose = 'incident' AND recent.claimed_at > \(now - request.bundlingWindow)))
        """ : ""
    return """
        SELECT \(claimedPageColumns.all) FROM (
          SELECT \(claimedPageColumns.all), team_id,
            CASE WHEN attempts = 0 AND cycle = 1 THEN 0 ELSE 1 END AS is_repeat,
            ROW_NUMBER() OVER (PARTITION BY urgency, team_id ORDER BY due_at, id) AS turn_of_team,
            ROW_NUMBER() OVER (PARTITION BY urgency, user_id ORDER BY due_at, id) AS turn_of_person
          FROM pages
          WHERE state = 'queued' AND due_at <= \(now) AND channel IN \(list: request.channels) \(quiet)
        ) AS due
        ORDER BY urgency, is_repeat, turn_of_team, turn_of_person, due_at, id
        LIMIT \(min(request.limit * request.bundleLimit, 2_000))
        """
}

/// Bundles incident pages to one contact method into one message. Other pages, and pages that were attempted before,
/// stay as they are.
private func bundle(_ candidates: [ClaimedPage], _ request: ClaimRequest, _ epoch: Int64) -> [ClaimedMessage] {
    var messages: [ClaimedMessage] = []
    var places: [String: Int] = [:]
    for candidate in candidates {
        let page = candidate.page
        let isFresh = page.attempts == 0 && candidate.incidentID != nil && !page.isPossibleDuplicate
        let key = isFresh ? "to \(page.contactMethodID)" : "again \(candidate.message ?? page.id.rawValue)"
        if let place = places[key] {
            if messages[place].pages.count < request.bundleLimit { messages[place].pages.append(candidate) }
        } else if messages.count < request.limit {
            places[key] = messages.count
            messages.append(ClaimedMessage(id: candidate.message ?? page.id.rawValue, pages: [candidate], epoch: epoch))
        }
    }
    return messages
}

/// Drops pages that were cancelled between the query and the claim, or that another transaction is changing.
private func confirm(
    _ messages: [ClaimedMessage], _ results: [StatementResult]
) throws(DatabaseError) -> [ClaimedMessage] {
    var confirmed: [ClaimedMessage] = []
    for (message, result) in zip(messages, results) {
        let ids = Set(try result.rows.map { (row) throws(DatabaseError) -> PageID in try row.get("id") })
        var kept = message
        kept.pages = message.pages.filter { ids.contains($0.page.id) }
        for index in kept.pages.indices {
            kept.pages[index].page.state = .claimed
            kept.pages[index].page.attempts += 1
        }
        if !kept.pages.isEmpty { confirmed.append(kept) }
    }
    return confirmed
}
