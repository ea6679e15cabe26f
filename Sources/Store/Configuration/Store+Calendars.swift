package import Database
package import Domain

/// The id of a calendar link.
package typealias CalendarLinkID = ID<CalendarLink>

/// A secret link to the calendar of a schedule or person. Only its SHA-256 is stored.
package struct CalendarLink: Sendable, Hashable, Identifiable {
    package enum Subject: Sendable, Hashable {
        case schedule(ScheduleID)
        case user(UserID)
    }

    package let id: CalendarLinkID
    package var hash: String
    package var subject: Subject
    /// Who made the link and so knows it.
    package var createdBy: UserID

    package init(id: CalendarLinkID, hash: String, subject: Subject, createdBy: UserID) {
        self.id = id
        self.hash = hash
        self.subject = subject
        self.createdBy = createdBy
    }
}

extension Store {
    /// Stores a new link. Earlier links to the same calendar stop working.
    package func replace(_ link: CalendarLink, at now: Timestamp) async throws(DatabaseError) {
        let (schedule, user) = link.subject.columns
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(deletion(of: link.subject))
            try connection.execute(
                """
                INSERT INTO calendar_links (id, hash, schedule_id, user_id, created_at, created_by)
                VALUES (\(link.id), \(link.hash), \(schedule), \(user), \(now), \(link.createdBy))
                """)
        }
    }

    /// - Returns: whether there was a link.
    package func revokeCalendar(of subject: CalendarLink.Subject) async throws(DatabaseError) -> Bool {
        try await database.run(deletion(of: subject)).affected > 0
    }

    /// Whether a calendar has a working link.
    package func hasCalendar(_ subject: CalendarLink.Subject) async throws(DatabaseError) -> Bool {
        let (schedule, user) = subject.columns
        return try await database.read { (connection) throws(DatabaseError) in
            try !connection.query(
                "SELECT id FROM calendar_links WHERE schedule_id = \(schedule) OR user_id = \(user) LIMIT 1"
            ).isEmpty
        }
    }

    /// Returns the subject of the calendar link with this hash.
    package func calendar(hash: String) async throws(DatabaseError) -> CalendarLink.Subject? {
        try await database.read { (connection) throws(DatabaseError) in
            let rows = try connection.query("SELECT schedule_id, user_id FROM calendar_links WHERE hash = \(hash)")
            guard let row = rows.first else { return nil }
            let schedule: ScheduleID? = try row.get("schedule_id")
            let user: UserID? = try row.get("user_id")
            return schedule.map { .schedule($0) } ?? user.map { .user($0) }
        }
    }
}

private func deletion(of subject: CalendarLink.Subject) -> SQL {
    switch subject {
    case .schedule(let id): "DELETE FROM calendar_links WHERE schedule_id = \(id)"
    case .user(let id): "DELETE FROM calendar_links WHERE user_id = \(id)"
    }
}

extension CalendarLink.Subject {
    fileprivate var columns: (ScheduleID?, UserID?) {
        switch self {
        case .schedule(let id): (id, nil)
        case .user(let id): (nil, id)
        }
    }
}
