package import Database
package import Domain

extension HeartbeatState.Status: SQLRepresentable {}

/// A monitor that is due.
package struct DueHeartbeat: Sendable, Hashable {
    package let id: HeartbeatID
    package let dueAt: Timestamp
}

extension Store {
    /// The leaseholder's clock checks at least this often, so an earlier deadline needs no event.
    private static let hintWindow: Duration = .seconds(60)

    /// Returns a monitor's state. A new monitor has no row.
    package func heartbeatState(_ id: HeartbeatID) async throws(DatabaseError) -> HeartbeatState {
        try await database.read(.commit) { (connection) throws(DatabaseError) in try readState(id, connection, "") }
    }

    /// Returns the states of all monitors that have a row.
    package func heartbeatStates() async throws(DatabaseError) -> [HeartbeatID: HeartbeatState] {
        try await database.read { (connection) throws(DatabaseError) in
            var states: [HeartbeatID: HeartbeatState] = [:]
            for row in try connection.query(
                "SELECT heartbeat_id, \(stateColumns.all) FROM heartbeat_states")
            {
                states[try row.get("heartbeat_id")] = try decodeState(row)
            }
            return states
        }
    }

    /// Changes a monitor's state while its row is locked.
    ///
    /// - followUp: the follow-up that this completes. If it is done already, nothing changes.
    /// - heard: the signal behind it, for the log.
    /// - Returns: the states before and after, or nil when the monitor was deleted.
    package func changeHeartbeat(
        _ id: HeartbeatID, at now: Timestamp, for followUp: FollowUpID? = nil, heard: Heartbeat.Heard? = nil,
        _ change: @escaping @Sendable (HeartbeatState) -> HeartbeatState
    ) async throws(DatabaseError) -> (before: HeartbeatState, after: HeartbeatState)? {
        let lock = database.dialect.lockForUpdate
        let entry: ID<Heartbeat.Heard> = identifiers.next()
        return try await database.write(.commit) { (connection) throws(DatabaseError) in
            if let followUp, try connection.execute(settlement(of: [followUp])) == 0 { return nil }
            // Lock the monitor's own row, because its state may have no row yet.
            guard try !connection.query("SELECT id FROM heartbeats WHERE id = \(id) \(lock)").isEmpty else {
                return nil
            }
            let before = try readState(id, connection, lock)
            if var heard {
                heard.isLate = before.isLate(at: now)
                try keepSignal(heard, entry, of: id, connection)
            }
            let after = change(before)
            guard after != before else { return (before, after) }
            try connection.execute(
                """
                INSERT INTO heartbeat_states (heartbeat_id, status, last_beat_at, started_at, due_at)
                VALUES (\(id), \(after.status), \(after.lastBeatAt), \(after.startedAt), \(after.dueAt))
                ON CONFLICT (heartbeat_id) DO UPDATE SET status = excluded.status,
                  last_beat_at = excluded.last_beat_at, started_at = excluded.started_at, due_at = excluded.due_at
                """)
            if let dueAt = after.dueAt, dueAt < now + Store.hintWindow {
                try notify(.heartbeat(dueAt: dueAt), on: connection)
            }
            return (before, after)
        }
    }

    /// Returns monitors that are late, the longest overdue first.
    package func dueHeartbeats(at now: Timestamp, limit: Int) async throws(DatabaseError) -> [DueHeartbeat] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT heartbeat_id, due_at FROM heartbeat_states WHERE due_at IS NOT NULL AND due_at <= \(now)
                ORDER BY due_at LIMIT \(limit)
                """
            ).map { (row) throws(DatabaseError) in
                DueHeartbeat(id: try row.get("heartbeat_id"), dueAt: try row.get("due_at"))
            }
        }
    }

    /// Returns when the next monitor becomes late, or nil when none will.
    package func nextHeartbeat() async throws(DatabaseError) -> Timestamp? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query("SELECT MIN(due_at) AS due FROM heartbeat_states WHERE due_at IS NOT NULL").first?
                .get("due")
        }
    }

    /// The result of marking a monitor as late.
    package enum LateMark: Sendable, Hashable {
        case marked(HeartbeatState)
        /// A beat arrived just now.
        case heard
        /// The lease is no longer current.
        case fenced
    }

    /// Marks a monitor as late. It stays due until `finishLate`, so a crash in between loses nothing.
    package func markLate(_ due: DueHeartbeat, under lease: Lease) async throws(DatabaseError) -> LateMark {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return .fenced }
            let rows = try connection.query(
                """
                UPDATE heartbeat_states SET status = 'late' WHERE heartbeat_id = \(due.id) AND due_at = \(due.dueAt)
                RETURNING \(stateColumns.all)
                """)
            return try rows.first.map { (row) throws(DatabaseError) in .marked(try decodeState(row)) } ?? .heard
        }
    }

    /// Records that a late monitor has been handled. Returns false when a beat arrived in the meantime.
    ///
    /// - Parameter next: when to check the monitor again.
    package func finishLate(_ due: DueHeartbeat, next: Timestamp? = nil) async throws(DatabaseError) -> Bool {
        let finished = try await database.run(
            .dispatch,
            """
            UPDATE heartbeat_states SET due_at = \(next)
            WHERE heartbeat_id = \(due.id) AND due_at = \(due.dueAt) AND status IN ('late', 'failed')
            """)
        return finished.affected == 1
    }
}

private func readState(
    _ id: HeartbeatID, _ connection: any Connection, _ lock: SQL
) throws(DatabaseError) -> HeartbeatState {
    try connection.query("SELECT \(stateColumns.all) FROM heartbeat_states WHERE heartbeat_id = \(id) \(lock)")
        .first.map(decodeState)
        ?? HeartbeatState()
}

/// The columns that `decodeState` reads.
private let stateColumns: ColumnList = ["status", "last_beat_at", "started_at", "due_at"]

private func decodeState(_ row: Row) throws(DatabaseError) -> HeartbeatState {
    HeartbeatState(
        status: try row.get("status"), lastBeatAt: try row.get("last_beat_at"), startedAt: try row.get("started_at"),
        dueAt: try row.get("due_at"))
}
