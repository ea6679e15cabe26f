package import Database
package import Domain

/// What counts as late.
package struct LatePageRequest: Sendable {
    /// How long a page may wait, from when it was due or its first attempt began.
    package var patience: Duration
    /// Additional time that a page may wait to be bundled after an earlier message that was accepted. One that fails
    /// again and again holds up no other.
    package var bundlingWindow: Duration
    /// Leaves out pages that were already late at this time. Nil looks at all of them.
    package var since: Timestamp?
    /// The channels whose providers are known to keep messages waiting. There a page is late as soon as it is due.
    package var heldUp: Set<Channel> = []
    /// Leaves out pages of these channels that were due at this time. Nil looks at all of them.
    package var heldUpSince: Timestamp?

    package init(patience: Duration, bundlingWindow: Duration, since: Timestamp? = nil) {
        self.patience = patience
        self.bundlingWindow = bundlingWindow
        self.since = since
    }
}

extension Store {
    /// Returns urgent pages that no provider has accepted in time and whose person has a later page in the same turn. At
    /// most one per person and incident.
    ///
    /// Of a person's pages only those that began last count: if another one began after a late page, that one has
    /// overtaken it already.
    package func latePages(_ request: LatePageRequest, at now: Timestamp) async throws(DatabaseError) -> [LatePage] {
        let rows = try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            let ids = try lateIDs(request, connection, at: now)
            // Most looks find none.
            var rows: [Row] = []
            for start in stride(from: 0, to: ids.count, by: LatePageRequest.comparedAtOnce) {
                let some = Array(ids[start..<min(start + LatePageRequest.comparedAtOnce, ids.count)])
                rows += try connection.query(followedPages(some, at: now))
            }
            return rows
        }
        var seen: Set<[String]> = []
        var pages: [LatePage] = []
        for row in rows {
            let state: Page.State = try row.get("state")
            let fault: String? = try row.get("fault")
            let since: Timestamp = try row.get("since")
            let cause = fault.map { LatePage.Cause.refused($0) } ?? (state == .claimed ? .noAnswer : .notBegun)
            let page = LatePage(
                incidentID: try row.get("incident_id"), userID: try row.get("user_id"),
                channel: try row.get("channel"), next: try row.get("next_id"),
                nextChannel: try row.get("next_channel"), waited: now - since, cause: cause,
                isForeseen: now - since < request.patience)
            if seen.insert([page.incidentID.rawValue, page.userID.rawValue]).inserted { pages.append(page) }
        }
        return pages
    }
}

/// Selects those of these pages that are late and have a next page.
private func followedPages(_ ids: [PageID], at now: Timestamp) -> SQL {
    // The next page is looked up for each late page. As a join, PostgreSQL compares all with all during a storm.
    """
    WITH late AS (
      SELECT pages.id, pages.incident_id, pages.user_id, pages.channel, pages.state, pages.fault, pages.claimed_at,
        pages.due_at, (
        SELECT next.id FROM pages AS next WHERE next.incident_id = pages.incident_id
          AND next.cycle = pages.cycle AND next.user_id = pages.user_id AND next.id <> pages.id
          AND next.state = 'queued' AND next.attempts = 0 AND next.due_at > \(now)
        ORDER BY next.due_at, next.id LIMIT 1) AS next_id
      FROM pages WHERE pages.id IN \(list: ids)
        AND \(knownPageState) IN ('queued', 'claimed') AND pages.urgency = 'high' AND pages.purpose = 'incident'
        AND pages.unwanted IS NULL AND NOT EXISTS (
          SELECT 1 FROM pages AS newer WHERE newer.incident_id = pages.incident_id AND newer.cycle = pages.cycle
            AND newer.user_id = pages.user_id AND newer.state IN ('queued', 'claimed', 'sent', 'delivered')
            AND \(beginning(of: "newer")) <= \(now)
            AND \(beginning(of: "newer")) > \(beginning(of: "pages")))
    )
    SELECT late.incident_id, late.user_id, late.channel, next.id AS next_id, next.channel AS next_channel,
      late.state, late.fault, COALESCE((SELECT first.at FROM attempts AS first
        WHERE first.page_id = late.id ORDER BY first.number LIMIT 1), late.claimed_at, late.due_at) AS since
    FROM late JOIN pages AS next ON next.id = late.next_id
    ORDER BY next.due_at, next.id LIMIT \(LatePage.limit)
    """
}

extension Store {
    /// Returns the ids of what may be late. In a storm thousands of pages wait in one line, so it looks at the first page
    /// of each line before it reads the line.
    private func lateIDs(
        _ request: LatePageRequest, _ connection: any Connection, at now: Timestamp
    ) throws(DatabaseError) -> [PageID] {
        let place = database.dialect.place
        let waiting = try lateLines(request, connection, at: now).map { line -> SQL in
            """
            SELECT id FROM pages WHERE \(place) = \("\(line.channel) \(line.line)")
              AND due_at > \(request.earliestDue) AND due_at <= \(now - request.patience)
            """
        }
        let results = try connection.batch(waiting + request.attempted(at: now) + request.heldUpPages(at: now))
        var ids: Set<PageID> = []
        for result in results { for row in result.rows { ids.insert(try row.get("id")) } }
        return ids.sorted()
    }

    /// Returns the lines of urgent first attempts whose first page is late. A line whose contact method has just had a
    /// message is not: its pages wait to be bundled.
    private func lateLines(
        _ request: LatePageRequest, _ connection: any Connection, at now: Timestamp
    ) throws(DatabaseError) -> [QueuePlace] {
        let lines = try heads(of: Channel.allCases, bundlingWindow: .zero, connection).filter {
            $0.isUrgentFirstAttempt && $0.dueAt <= now - request.patience
        }
        let methods = Set(lines.map(\.contactMethodID)).sorted()
        let recent = try connection.batch(methods.map { request.recentMessage(to: $0, at: now) })
        let bundled = Set(zip(methods, recent).filter { !$0.1.rows.isEmpty }.map(\.0))
        return lines.filter { !bundled.contains($0.contactMethodID) }
    }
}

extension LatePageRequest {
    /// The maximum number of pages in one statement.
    fileprivate static let comparedAtOnce = 2_000

    /// Pages that were due until then have been looked at.
    fileprivate var earliestDue: Timestamp {
        since.map { $0 - patience - bundlingWindow } ?? Timestamp(seconds: 0)
    }

    /// Finds a message that a contact method has had, or may have, so recently that others wait for the next one.
    fileprivate func recentMessage(to method: ContactMethodID, at now: Timestamp) -> SQL {
        """
        SELECT 1 AS found FROM pages WHERE contact_method_id = \(method) AND purpose = 'incident'
          AND claimed_at > \(now - patience - bundlingWindow)
          AND (state IN ('sent', 'delivered') OR (state = 'claimed' AND claimed_at > \(now - patience)))
        LIMIT 1
        """
    }

    /// Selects pages with an attempt that has taken too long, and those with an attempt that was too long ago. A look at
    /// all of them starts at the queue and not at the attempts, of which all that ever were are stored.
    fileprivate func attempted(at now: Timestamp) -> [SQL] {
        let claimed: SQL = "SELECT id FROM pages WHERE state = 'claimed' AND claimed_at <= \(now - patience)"
        guard let since else {
            return [
                claimed,
                """
                SELECT id FROM pages WHERE state IN ('queued', 'claimed') AND due_at > 0 AND attempts > 0
                  AND (SELECT tried.at FROM attempts AS tried WHERE tried.page_id = pages.id
                    ORDER BY tried.number LIMIT 1) <= \(now - patience)
                """,
            ]
        }
        return [
            claimed,
            "SELECT page_id AS id FROM attempts WHERE at > \(since - patience) AND at <= \(now - patience)",
        ]
    }

    /// Selects pages to providers that are known to keep messages waiting.
    fileprivate func heldUpPages(at now: Timestamp) -> [SQL] {
        guard !heldUp.isEmpty else { return [] }
        let end: SQL = heldUpSince == nil ? "(due_at <= \(now) OR attempts > 0)" : "due_at <= \(now)"
        return [
            """
            SELECT id FROM pages WHERE state IN ('queued', 'claimed')
              AND channel IN \(list: heldUp.sorted { $0.rawValue < $1.rawValue })
              AND due_at > \(heldUpSince ?? Timestamp(seconds: 0)) AND \(end)
            """
        ]
    }
}

/// When a page began: at its first attempt if that has failed, and else when it became due. A retry changes `due_at`.
///
/// With MIN, PostgreSQL would look for the page's attempt among all attempts in the order of time.
private func beginning(of page: SQL) -> SQL {
    """
    COALESCE((SELECT began.at FROM attempts AS began WHERE began.page_id = \(page).id AND began.at < \(page).due_at
      ORDER BY began.number LIMIT 1), \(page).due_at)
    """
}
