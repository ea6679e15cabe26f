package import Database
package import Domain

extension Store {
    /// Returns who was on call in each schedule at the last check.
    package func duties() async throws(DatabaseError) -> [ScheduleID: [UserID]] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            var duties: [ScheduleID: [UserID]] = [:]
            for row in try connection.query("SELECT schedule_id, people FROM duties") {
                duties[try row.get("schedule_id")] = try row.stored("people", of: "duties", key: "schedule_id")
            }
            return duties
        }
    }

    /// Stores who is on call now and queues the notices about it in one transaction, so nobody is notified twice.
    ///
    /// - Returns: the earliest time at which a notice may leave, if there are any. The outer optional is nil when the
    ///   lease is not current; nothing was written then.
    package func record(
        _ handoffs: [Configuration.Handoff], ahead: [Configuration.ShiftAhead], under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [Timestamp]? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            let known = Set(
                try connection.query("SELECT id FROM schedules").map { (row) throws(DatabaseError) -> ScheduleID in
                    try row.get("id")
                })
            var notices: [Configuration.Notice] = []
            for handoff in handoffs where known.contains(handoff.scheduleID) {
                try connection.execute(
                    """
                    INSERT INTO duties (schedule_id, people, since)
                    VALUES (\(handoff.scheduleID), \(storedText(handoff.people)), \(now))
                    ON CONFLICT (schedule_id) DO UPDATE SET people = excluded.people, since = excluded.since
                    """)
                notices += handoff.notices
            }
            for shift in ahead where known.contains(shift.scheduleID) {
                let isNew = try connection.execute(
                    """
                    INSERT INTO announced_shifts (schedule_id, user_id, begins_at)
                    VALUES (\(shift.scheduleID), \(shift.userID), \(shift.beginsAt)) ON CONFLICT DO NOTHING
                    """)
                if isNew == 1 { notices += shift.notices }
            }
            try connection.execute("DELETE FROM announced_shifts WHERE begins_at < \(now - .days(2))")
            for notice in notices {
                try connection.execute(
                    pageInsertion(
                        .notice(text: notice.text), to: notice.contactMethod, .low, due: notice.dueAt, at: now
                    ).statement)
            }
            if let due = notices.map(\.dueAt).min() { try notify(.pages(dueAt: due), on: connection) }
            return notices.map(\.dueAt)
        }
    }
}
