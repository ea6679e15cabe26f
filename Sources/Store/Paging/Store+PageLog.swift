package import Database
package import Domain

/// A page with the details that its log shows.
package struct PageRecord: Sendable, Hashable {
    package var page: Page
    package var incidentNumber: Int?
    package var incidentTitle: String?
    package var incidentState: Incident.State.Name?
    package var teamID: TeamID?
    package var provider: String?
    package var queuedAt: Timestamp
    package var sentAt: Timestamp?
    package var finishedAt: Timestamp?
}

/// One stored attempt to deliver a page.
package struct PageAttempt: Sendable, Hashable {
    /// The outcome of the attempt.
    package enum Result: String, Sendable, Hashable {
        case accepted, temporary, permanent, unknown, notSent
    }

    /// Starts at 1.
    package var number: Int
    package var at: Timestamp
    package var duration: Duration
    package var provider: String
    package var result: Result
    package var explanation: String?
}

/// Selects pages. Nil or empty fields select all.
package struct PageFilter: Sendable {
    package var states: Set<Page.State> = []
    package var incident: IncidentID?
    package var user: UserID?
    package var channel: Channel?
    /// Only pages about incidents of this team.
    package var team: TeamID?
    /// Only pages about incidents of these teams.
    package var teams: Set<TeamID>?
    /// Only pages about incidents that were sent in this time.
    package var sent: Range<Timestamp>?
    /// With `sent`, only those sent in these hours of a day by this clock.
    package var hours: (hours: Set<Int>, clock: LocalClock)?
    /// Only pages older than this one, which is the last of the previous page.
    package var before: PageID?
    /// At most 200.
    package var limit = 50

    package init() {}
}

/// The number of pages in a state on a channel.
package struct PageCount: Sendable, Hashable {
    package var state: Page.State
    package var channel: Channel
    package var count: Int
}

extension Store {
    /// Returns the log of pages, newest first.
    package func pages(_ filter: PageFilter) async throws(DatabaseError) -> [PageRecord] {
        let limit = min(max(filter.limit, 1), 200)
        let statement: SQL = """
            SELECT \(pageRecordColumns)
            FROM (\(candidates(filter, limit))) AS pages LEFT JOIN incidents ON incidents.id = pages.incident_id
            ORDER BY pages.id DESC LIMIT \(limit)
            """
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.query(statement).map(decodePageRecord)
        }
    }

    /// Returns pages that have not left and are still meant to, the earliest due first.
    ///
    /// - Parameter limit: at most 200.
    package func waitingPages(limit: Int = 100) async throws(DatabaseError) -> [PageRecord] {
        try await database.read(.interactive) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(pageRecordColumns)
                FROM (SELECT \(pageLogColumns.all) FROM pages WHERE state IN ('queued', 'claimed')
                  ORDER BY due_at, id LIMIT \(min(max(limit, 1), 200))) AS pages
                LEFT JOIN incidents ON incidents.id = pages.incident_id
                ORDER BY pages.due_at, pages.id
                """
            ).map(decodePageRecord)
        }
    }

    /// Returns when the page was due that is due and has waited longest. Pages to a telephone number that had another
    /// message in the last hour are left out, since its budget may hold them back. Looks at the 200 oldest.
    package func oldestDuePage(at now: Timestamp) async throws(DatabaseError) -> Timestamp? {
        let numbers = Channel.allCases.filter(\.definition.hasBudget).map(\.rawValue)
        return try await database.read(.interactive) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT waiting.due_at
                FROM (SELECT id, channel, contact_method_id, due_at FROM pages
                  WHERE state IN ('queued', 'claimed') AND due_at <= \(now)
                  ORDER BY due_at, id LIMIT 200) AS waiting
                WHERE waiting.channel NOT IN \(list: numbers) OR NOT EXISTS (
                  SELECT 1 FROM pages AS others
                  WHERE others.contact_method_id = waiting.contact_method_id
                    AND others.claimed_at > \(now - .hours(1)) AND others.id <> waiting.id)
                ORDER BY waiting.due_at LIMIT 1
                """
            ).first.map { (row) throws(DatabaseError) in try row.get("due_at") }
        }
    }

    /// Returns the attempts of these pages, in order for each page.
    package func attempts(of pages: [PageID]) async throws(DatabaseError) -> [PageID: [PageAttempt]] {
        guard !pages.isEmpty else { return [:] }
        return try await database.read { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT page_id, number, at, duration, provider, result, explanation FROM attempts
                WHERE page_id IN \(list: pages) ORDER BY page_id, number
                """)
            var attempts: [PageID: [PageAttempt]] = [:]
            for row in rows {
                attempts[try row.get("page_id"), default: []].append(
                    PageAttempt(
                        number: try row.get("number"), at: try row.get("at"), duration: try row.get("duration"),
                        provider: try row.get("provider"), result: try row.get("result"),
                        explanation: try row.get("explanation")))
            }
            return attempts
        }
    }

    /// Returns the number of pages by state and channel.
    package func pageCounts() async throws(DatabaseError) -> [PageCount] {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT state, channel, COUNT(*) AS count FROM pages GROUP BY state, channel ORDER BY state, channel"
            ).map { (row) throws(DatabaseError) in
                PageCount(
                    state: try row.get("state"), channel: try row.get("channel"), count: try row.get("count"))
            }
        }
    }

    /// Counts the pages that have not left and are still meant to, for a web page.
    package func waitingPageCount() async throws(DatabaseError) -> BoundedCount {
        try await count("state IN ('queued', 'claimed')")
    }

    /// Counts the pages that became due while sending was disabled, for a web page.
    package func withheldPageCount() async throws(DatabaseError) -> BoundedCount {
        try await count("channel IN \(list: Channel.allCases) AND state = 'withheld'")
    }

    private func count(_ condition: SQL) async throws(DatabaseError) -> BoundedCount {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT COUNT(*) AS count
                FROM (SELECT state FROM pages WHERE \(condition) LIMIT \(BoundedCount.limit + 1)) AS counted
                """)
            return BoundedCount(found: try rows.first?.get("count") ?? 0)
        }
    }

    /// Returns the number of pages in each state that is not final, for the status page.
    package func queueDepths() async throws(DatabaseError) -> [Page.State: Int] {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            let row = try connection.query(
                """
                SELECT COUNT(*) AS count, COALESCE(SUM(CASE WHEN state = 'claimed' THEN 1 ELSE 0 END), 0) AS claimed
                FROM pages WHERE state IN ('queued', 'claimed')
                """
            ).first
            let (count, claimed): (Int, Int) = (try row?.get("count") ?? 0, try row?.get("claimed") ?? 0)
            return [.queued: count - claimed, .claimed: claimed]
        }
    }
}

/// The columns that `decodePageRecord` reads.
let pageRecordColumns: SQL =
    """
    \(pageLogColumns.of("pages")), incidents.number AS incident_number, incidents.title AS incident_title,
      incidents.state AS incident_state
    """

/// The columns from the pages table, including the incident id that joins the others.
private let pageLogColumns: ColumnList = [
    "id", "purpose", "incident_id", "user_id", "contact_method_id", "channel", "address", "urgency", "cycle", "step",
    "body", "state", "due_at", "attempts", "fault", "is_possible_duplicate", "team_id", "provider", "queued_at",
    "sent_at", "finished_at",
]

func decodePageRecord(_ row: Row) throws(DatabaseError) -> PageRecord {
    PageRecord(
        page: try decodePage(row), incidentNumber: try row.get("incident_number"),
        incidentTitle: try row.get("incident_title"), incidentState: try row.get("incident_state"),
        teamID: try row.get("team_id"),
        provider: try row.get("provider"), queuedAt: try row.get("queued_at"), sentAt: try row.get("sent_at"),
        finishedAt: try row.get("finished_at"))
}

/// Returns the newest pages that match a filter.
///
/// There are few states and channels, so each pair gets its own query. Each walks the index by channel, state and id
/// and stops at the limit, however rare the pair is. A filter by person or incident is narrow enough by itself.
private func candidates(_ filter: PageFilter, _ limit: Int) -> SQL {
    var conditions: SQL = "1 = 1"
    if let incident = filter.incident { conditions = "\(conditions) AND incident_id = \(incident)" }
    if let user = filter.user { conditions = "\(conditions) AND user_id = \(user)" }
    if let before = filter.before { conditions = "\(conditions) AND id < \(before)" }
    if let team = filter.team { conditions = "\(conditions) AND team_id = \(team)" }
    if let teams = filter.teams { conditions = "\(conditions) AND team_id IN \(list: teams.map(\.rawValue))" }
    if let sent = filter.sent {
        conditions = """
            \(conditions) AND purpose = 'incident' AND sent_at >= \(sent.lowerBound) AND sent_at < \(sent.upperBound)
            """
        if let (hours, clock) = filter.hours {
            conditions = """
                \(conditions) AND \(localHour(clock, in: sent)) IN \(list: hours.sorted())
                """
        }
    }
    let isNarrow = filter.incident != nil || filter.user != nil || filter.sent != nil
    if isNarrow || (filter.states.isEmpty && filter.channel == nil) {
        if !filter.states.isEmpty { conditions = "\(conditions) AND state IN \(list: Array(filter.states))" }
        if let channel = filter.channel { conditions = "\(conditions) AND channel = \(channel)" }
        return "SELECT \(pageLogColumns.all) FROM pages WHERE \(conditions) ORDER BY id DESC LIMIT \(limit)"
    }
    let states = filter.states.isEmpty ? Page.State.allCases : filter.states.sorted { $0.rawValue < $1.rawValue }
    let channels = filter.channel.map { [$0] } ?? Channel.allCases
    var union: SQL?
    for state in states {
        for channel in channels {
            let arm: SQL = """
                SELECT \(pageLogColumns.all) FROM (
                  SELECT \(pageLogColumns.all) FROM pages
                  WHERE state = \(state) AND channel = \(channel) AND \(conditions)
                  ORDER BY id DESC LIMIT \(limit)) AS newest
                """
            union = union.map { "\($0) UNION ALL \(arm)" } ?? arm
        }
    }
    return union ?? "SELECT \(pageLogColumns.all) FROM pages WHERE 1 = 0"
}

extension PageAttempt.Result: SQLRepresentable {}
