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
            // The next page is looked up for each late page. As a join, PostgreSQL compares all with all during a storm.
            try connection.query(
                """
                WITH late_ids (id) AS (\(request.ids(at: now))), late AS (
                  SELECT pages.id, pages.incident_id, pages.user_id, pages.channel, pages.state, pages.fault, pages.claimed_at,
                    pages.due_at, (
                    SELECT next.id FROM pages AS next WHERE next.incident_id = pages.incident_id
                      AND next.cycle = pages.cycle AND next.user_id = pages.user_id AND next.id <> pages.id
                      AND next.state = 'queued' AND next.attempts = 0 AND next.due_at > \(now)
                    ORDER BY next.due_at, next.id LIMIT 1) AS next_id
                  FROM late_ids JOIN pages ON pages.id = late_ids.id
                  WHERE \(knownPageState) IN ('queued', 'claimed') AND pages.urgency = 'high' AND pages.purpose = 'incident'
                    AND pages.unwanted IS NULL AND NOT EXISTS (
                      SELECT 1 FROM pages AS newer WHERE newer.incident_id = pages.incident_id AND newer.cycle = pages.cycle
                        AND newer.user_id = pages.user_id AND newer.state IN ('queued', 'claimed', 'sent', 'delivered')
                        AND \(beginning(of: "newer")) <= \(now)
                        AND \(beginning(of: "newer")) > \(beginning(of: "pages")))
                )
                SELECT late.incident_id, late.user_id, late.channel, next.id AS next_id, next.channel AS next_channel,
                  late.state, late.fault, COALESCE((SELECT MIN(first.at) FROM attempts AS first
                    WHERE first.page_id = late.id), late.claimed_at, late.due_at) AS since
                FROM late JOIN pages AS next ON next.id = late.next_id
                ORDER BY next.due_at, next.id LIMIT \(LatePage.limit)
                """)
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

extension LatePageRequest {
    /// Selects the ids of what may be late.
    fileprivate func ids(at now: Timestamp) -> SQL {
        let start = since ?? Timestamp(seconds: 0) + patience + bundlingWindow
        let timed: SQL = """
            SELECT id FROM pages WHERE state IN ('queued', 'claimed')
              AND due_at > \(start - patience - bundlingWindow) AND due_at <= \(now - patience)
              AND attempts = 0 AND NOT EXISTS (
                SELECT 1 FROM pages AS recent WHERE recent.contact_method_id = pages.contact_method_id
                  AND recent.purpose = 'incident' AND recent.claimed_at > \(now - patience - bundlingWindow)
                  AND (recent.state IN ('sent', 'delivered')
                    OR (recent.state = 'claimed' AND recent.claimed_at > \(now - patience))))
            UNION SELECT id FROM pages WHERE state = 'claimed' AND claimed_at <= \(now - patience)
            UNION \(attempted(at: now))
            """
        guard !heldUp.isEmpty else { return timed }
        let end: SQL = heldUpSince == nil ? "(due_at <= \(now) OR attempts > 0)" : "due_at <= \(now)"
        return """
            \(timed)
            UNION SELECT id FROM pages WHERE state IN ('queued', 'claimed') AND channel IN \(list: heldUp.sorted { $0.rawValue < $1.rawValue })
              AND due_at > \(heldUpSince ?? Timestamp(seconds: 0)) AND \(end)
            """
    }
}

extension LatePageRequest {
    /// Selects the ids of pages with an attempt that is long ago. A look at all of them starts at the queue and not at the
    /// attempts, of which all that ever were are stored.
    private func attempted(at now: Timestamp) -> SQL {
        if let since {
            "SELECT page_id FROM attempts WHERE at > \(since - patience) AND at <= \(now - patience)"
        } else {
            """
            SELECT id FROM pages WHERE state IN ('queued', 'claimed') AND attempts > 0 AND EXISTS (
              SELECT 1 FROM attempts AS tried WHERE tried.page_id = pages.id AND tried.at <= \(now - patience))
            """
        }
    }
}

/// When a page began: at its first attempt if that has failed, and else when it became due. A retry changes `due_at`.
private func beginning(of page: SQL) -> SQL {
    """
    COALESCE((SELECT MIN(began.at) FROM attempts AS began WHERE began.page_id = \(page).id AND began.at < \(page).due_at),
      \(page).due_at)
    """
}
