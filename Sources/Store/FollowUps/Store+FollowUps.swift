package import Database
package import Domain

extension Store {
    /// Returns the follow-ups that are due first, at most `FollowUp.Limits.look`.
    package func owedFollowUps() async throws(DatabaseError) -> [OwedFollowUp] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT follow_ups.id, follow_ups.kind, follow_ups.subject_id, follow_ups.incident_id, follow_ups.name,
                  follow_ups.created_at, follow_ups.due_at, follow_ups.attempts, pages.user_id, pages.channel, pages.cycle,
                  pages.fault
                FROM follow_ups LEFT JOIN pages ON pages.id = follow_ups.subject_id
                ORDER BY follow_ups.due_at, follow_ups.id LIMIT \(FollowUp.Limits.look)
                """
            ).map(decodeFollowUp)
        }
    }

    /// Returns those of these follow-ups that are not completed yet.
    package func owed(among ids: [FollowUpID]) async throws(DatabaseError) -> Set<FollowUpID> {
        guard !ids.isEmpty else { return [] }
        return try await database.read(.commit) { (connection) throws(DatabaseError) in
            let rows = try connection.query("SELECT id FROM follow_ups WHERE id IN \(list: ids)")
            return Set(try rows.map { (row) throws(DatabaseError) in try row.get("id") })
        }
    }

    /// Deletes follow-ups for which there is nothing left to do.
    package func settle(_ ids: [FollowUpID]) async throws(DatabaseError) {
        guard !ids.isEmpty else { return }
        try await database.run(.commit, settlement(of: ids))
    }

    /// Schedules the next try of a follow-up that failed. The pause is one second and doubles each time.
    ///
    /// - Returns: false if the follow-up was deleted because it is too old.
    package func putOff(_ owed: OwedFollowUp, fault: String, at now: Timestamp) async throws(DatabaseError) -> Bool {
        let id = owed.followUp.id
        guard now - owed.createdAt < FollowUp.Limits.lifetime else {
            try await settle([id])
            return false
        }
        let pause = min(.seconds(1 << min(owed.attempts, 10)), FollowUp.Limits.longestPause)
        try await database.run(
            .dispatch,
            """
            UPDATE follow_ups SET attempts = attempts + 1, due_at = \(now + pause),
              fault = \(fault.plain(limit: Fault.longest)) WHERE id = \(id)
            """)
        return true
    }

    /// Returns how many follow-ups wait, and since when.
    package func followUpBacklog() async throws(DatabaseError) -> FollowUpBacklog {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            let rows = try connection.query("SELECT COUNT(*) AS count, MIN(created_at) AS oldest FROM follow_ups")
            return FollowUpBacklog(count: try rows.first?.get("count") ?? 0, oldest: try rows.first?.get("oldest"))
        }
    }
}

func settlement(of ids: [FollowUpID]) -> SQL { "DELETE FROM follow_ups WHERE id IN \(list: ids)" }

private enum Kind: String {
    case pageFailed = "page_failed"
    case rulesChanged = "rules_changed"
    case responderGone = "responder_gone"
    case maintenanceChanged = "maintenance_changed"
    case heartbeatChanged = "heartbeat_changed"
}

private func decodeFollowUp(_ row: Row) throws(DatabaseError) -> OwedFollowUp {
    var work: FollowUp.Work
    do throws(DatabaseError) {
        work = try decodeWork(row)
    } catch {
        work = .unreadable(error.description)
    }
    return OwedFollowUp(
        followUp: FollowUp(id: try row.get("id"), work: work), createdAt: try row.get("created_at"),
        dueAt: try row.get("due_at"), attempts: try row.get("attempts"))
}

private func decodeWork(_ row: Row) throws(DatabaseError) -> FollowUp.Work {
    let word: String = try row.get("kind")
    guard let kind = Kind(rawValue: word) else { return .unreadable("there is no follow-up of the kind \(word)") }
    let name = try row.get("name", as: String?.self) ?? "a deleted user"
    switch kind {
    case .pageFailed:
        let page = FailedPage(
            id: try row.get("subject_id"), userID: try row.get("user_id"), userName: name,
            channel: try row.get("channel"), cycle: try row.get("cycle"),
            explanation: try row.get("fault", as: String?.self) ?? "")
        return .pageFailed(page, in: try row.get("incident_id"))
    case .rulesChanged: return .rulesChanged(try row.get("subject_id"), in: try row.get("incident_id"))
    case .responderGone:
        return .responderGone(try row.get("subject_id"), name: name, in: try row.get("incident_id"))
    case .maintenanceChanged: return .maintenanceChanged(in: try row.get("incident_id"))
    case .heartbeatChanged: return .heartbeatChanged(try row.get("subject_id"))
    }
}

extension EndedPage {
    /// The follow-up, or nil for a page without an incident. It has the page's id, because a page ends only once.
    package var followUp: FollowUp? {
        incidentID.map { FollowUp(id: FollowUpID(page.id.rawValue), work: .pageFailed(page, in: $0)) }
    }
}

extension Store {
    /// Stores the follow-ups of pages that end in this transaction.
    func owe(_ ended: [EndedPage], at now: Timestamp, on connection: any Connection) throws(DatabaseError) {
        let statements = ended.compactMap { end -> SQL? in
            guard let incident = end.incidentID, let followUp = end.followUp else { return nil }
            return """
                INSERT INTO follow_ups (id, kind, subject_id, incident_id, name, created_at, due_at)
                VALUES (\(followUp.id), \(Kind.pageFailed.rawValue), \(end.page.id), \(incident), \(end.page.userName), \(now),
                  \(now + FollowUp.Limits.headStart))
                ON CONFLICT DO NOTHING
                """
        }
        if !statements.isEmpty { _ = try connection.batch(statements) }
    }

    /// Stores the follow-ups of a configuration change in its transaction, one for each incident that it may concern.
    func owe(
        _ followUps: [ConfigurationFollowUp], at now: Timestamp, on connection: any Connection
    ) throws(DatabaseError) -> [FollowUp] {
        var owed: [FollowUp] = []
        for followUp in followUps {
            switch followUp {
            case .rulesChanged(let user):
                let concerned: SQL = "state = 'triggered' AND \(hasPaged(user))"
                owed += try insert(.rulesChanged, user.rawValue, nil, concerned, now, connection).map {
                    FollowUp(id: $0.id, work: .rulesChanged(user, in: $0.incident))
                }
            case .responderGone(let user, let name):
                let concerned: SQL = "state = 'acknowledged' OR (state = 'triggered' AND \(hasPaged(user)))"
                owed += try insert(.responderGone, user.rawValue, name, concerned, now, connection).map {
                    FollowUp(id: $0.id, work: .responderGone(user, name: name, in: $0.incident))
                }
            case .maintenanceChanged:
                owed += try insert(.maintenanceChanged, "", nil, "is_held = 1", now, connection).map {
                    FollowUp(id: $0.id, work: .maintenanceChanged(in: $0.incident))
                }
            case .heartbeatChanged(let monitor):
                let id: FollowUpID = identifiers.next()
                try connection.execute(
                    """
                    INSERT INTO follow_ups (id, kind, subject_id, created_at, due_at)
                    VALUES (\(id), \(Kind.heartbeatChanged.rawValue), \(monitor), \(now),
                      \(now + FollowUp.Limits.headStart))
                    """)
                owed.append(FollowUp(id: id, work: .heartbeatChanged(monitor)))
            }
        }
        return owed
    }

    /// Inserts a row for each incident that meets the condition. Each change gets rows of its own, even if the previous
    /// change's follow-ups are not completed yet.
    private func insert(
        _ kind: Kind, _ subject: String, _ name: String?, _ concerned: SQL, _ now: Timestamp,
        _ connection: any Connection
    ) throws(DatabaseError) -> [(id: FollowUpID, incident: IncidentID)] {
        let prefix = "\(identifiers.next(FollowUp.self))/"
        let rows = try connection.query(
            """
            INSERT INTO follow_ups (id, kind, subject_id, incident_id, name, created_at, due_at)
            SELECT CAST(\(prefix) AS TEXT) || id, CAST(\(kind.rawValue) AS TEXT), CAST(\(subject) AS TEXT), id,
              CAST(\(name) AS TEXT), CAST(\(now) AS BIGINT), CAST(\(now + FollowUp.Limits.headStart) AS BIGINT)
            FROM incidents WHERE \(concerned) ORDER BY number
            RETURNING id, incident_id
            """)
        return try rows.map { (row) throws(DatabaseError) in (try row.get("id"), try row.get("incident_id")) }
    }
}

private func hasPaged(_ user: UserID) -> SQL {
    "EXISTS (SELECT 1 FROM pages WHERE pages.incident_id = incidents.id AND pages.user_id = \(user))"
}
