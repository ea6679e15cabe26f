package import Database
package import Domain

extension Store {
    package func page(_ id: PageID) async throws(DatabaseError) -> PageRecord? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(pageRecordColumns)
                FROM pages LEFT JOIN incidents ON incidents.id = pages.incident_id WHERE pages.id = \(id)
                """
            ).first.map(decodePageRecord)
        }
    }

    /// The pages that left as one message.
    package func pages(ofMessage id: String) async throws(DatabaseError) -> [PageRecord] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(pageRecordColumns)
                FROM pages LEFT JOIN incidents ON incidents.id = pages.incident_id
                WHERE message_id = \(id) OR reference = \(id) ORDER BY pages.id
                """
            ).map(decodePageRecord)
        }
    }

    /// The pages of the message whose link has this code.
    package func pages(ofLink code: String) async throws(DatabaseError) -> [PageRecord] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(pageRecordColumns)
                FROM pages LEFT JOIN incidents ON incidents.id = pages.incident_id
                WHERE link = \(code) ORDER BY pages.id
                """
            ).map(decodePageRecord)
        }
    }

    /// Returns the pages of one turn, or of the latest turn, as input to a decision.
    package func pages(of incident: IncidentID, cycle: Int?) async throws(DatabaseError) -> [PageSummary] {
        let turn: SQL =
            cycle.map { "\($0)" }
            ?? "(SELECT MAX(latest.cycle) FROM pages AS latest WHERE latest.incident_id = \(incident))"
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(pageSummaryColumns.all) FROM pages WHERE incident_id = \(incident) AND cycle = \(turn)"
            ).map(decodeSummary)
        }
    }

    /// Returns the pages of the latest round of these incidents, as input to a decision. It reads as many turns as a
    /// policy may have steps.
    package func latestRounds(of incidents: [IncidentID]) async throws(DatabaseError) -> [IncidentID: [PageSummary]] {
        guard !incidents.isEmpty else { return [:] }
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT \(pageSummaryColumns.of("pages")), pages.incident_id
                FROM incidents JOIN pages ON pages.incident_id = incidents.id
                WHERE incidents.id IN \(list: incidents)
                  AND pages.cycle > incidents.cycle - \(EscalationPolicy.Limits.steps + 1)
                """)
            var pages: [IncidentID: [PageSummary]] = [:]
            for row in rows { pages[try row.get("incident_id"), default: []].append(try decodeSummary(row)) }
            return pages
        }
    }

    /// Returns a user's latest turn in a triggered incident, with its pages, to apply changed rules.
    package func turn(
        of user: UserID, in incident: IncidentID
    ) async throws(DatabaseError) -> (Turn, [PageSummary])? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT \(pageSummaryColumns.of("pages")), pages.queued_at
                FROM pages JOIN incidents ON incidents.id = pages.incident_id
                WHERE incidents.state = 'triggered' AND pages.incident_id = \(incident) AND pages.user_id = \(user)
                ORDER BY pages.cycle DESC
                """)
            guard let first = rows.first else { return nil }
            let pages = try rows.map(decodeSummary)
            let turn = Turn(cycle: pages[0].cycle, step: pages[0].step, startedAt: try first.get("queued_at"))
            return (turn, pages.filter { $0.cycle == turn.cycle })
        }
    }

    /// Queues a copy of a page that ended without arriving. It is a new message, because a person asked for it.
    ///
    /// - Returns: nil when the page does not exist, did not fail and was neither withheld nor cancelled, or carried a
    ///   code or link that is cleared.
    package func retryPage(_ id: PageID, at now: Timestamp) async throws(DatabaseError) -> PageRecord? {
        let copy: PageID = identifiers.next()
        let copied = try await database.write { (connection) throws(DatabaseError) in
            let copied = try connection.execute(
                """
                INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address,
                  urgency, cycle, step, rule, body, state, queued_at, due_at, attempts)
                SELECT \(copy), purpose, incident_id, team_id, user_id, contact_method_id, channel, address, urgency,
                  cycle, step, CAST(\("retry:\(copy)") AS TEXT), body, 'queued', CAST(\(now) AS BIGINT),
                  CAST(\(now) AS BIGINT), 0
                FROM pages WHERE id = \(id) AND state IN ('failed', 'withheld', 'cancelled')
                  AND (purpose IN ('incident', 'test') OR body IS NOT NULL)
                """)
            if copied == 1 { try notify(.pages(dueAt: now), on: connection) }
            return copied
        }
        return copied == 1 ? try await page(copy) : nil
    }

    /// Queues pages without an incident: tests, verification codes and notices.
    ///
    /// - Parameter limit: how many of the kind a person may get in a day. Nil means no limit.
    /// - Returns: nil when the limit is reached.
    package func queue(
        _ purpose: Page.Purpose, to method: ContactMethod, atMost limit: Int? = nil, at now: Timestamp
    ) async throws(DatabaseError) -> PageID? {
        let (id, statement) = pageInsertion(purpose, to: method, .high, due: now, at: now)
        let word = purpose.word
        return try await database.write { (connection) throws(DatabaseError) in
            if let limit {
                // Locks the row, so that requests at the same time can't both see a free place.
                try connection.execute("UPDATE users SET is_enabled = is_enabled WHERE id = \(method.userID)")
                let count: Int =
                    try connection.query(
                        """
                        SELECT COUNT(*) AS count FROM pages
                        WHERE user_id = \(method.userID) AND purpose = \(word) AND queued_at > \(now - .days(1))
                        """
                    ).first?.get("count") ?? 0
                guard count < limit else { return nil }
            }
            try connection.execute(statement)
            try notify(.pages(dueAt: now), on: connection)
            return id
        }
    }

    func pageInsertion(
        _ purpose: Page.Purpose, to method: ContactMethod, _ urgency: Urgency, due: Timestamp, at now: Timestamp
    ) -> (id: PageID, statement: SQL) {
        let id: PageID = identifiers.next()
        let word = purpose.word
        let body: String? =
            switch purpose {
            case .test, .incident: nil
            case .verification(let text), .notice(let text): text
            }
        return (
            id,
            """
            INSERT INTO pages (id, purpose, user_id, contact_method_id, channel, address, urgency, cycle, step,
              rule, body, state, queued_at, due_at, attempts)
            VALUES (\(id), \(word), \(method.userID), \(method.id), \(method.channel), \(method.address), \(urgency),
              1, 0, \(word), \(body), 'queued', \(now), \(due), 0)
            """
        )
    }
}

extension Page.Purpose {
    /// The stored word of a page without an incident.
    fileprivate var word: String {
        switch self {
        case .test, .incident: "test"
        case .verification: "verification"
        case .notice: "notice"
        }
    }
}
