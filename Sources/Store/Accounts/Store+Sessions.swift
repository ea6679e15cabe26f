package import Database
package import Domain

extension Store {
    /// Stores a new session and deletes expired ones.
    package func save(_ session: Session) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM sessions WHERE expires_at <= \(session.createdAt)")
            try connection.execute(
                """
                INSERT INTO sessions (id, user_id, hash, created_at, last_seen_at, expires_at, address, agent,
                  cookie_is_plain, is_by_company, proved_at)
                VALUES (\(session.id), \(session.userID), \(session.hash), \(session.createdAt),
                  \(session.lastSeenAt), \(session.expiresAt), \(session.address), \(session.agent),
                  \(session.isCookiePlain), \(session.isByCompany), \(session.provedAt))
                """)
        }
    }

    /// Returns the session with this hash, unless it has expired.
    package func session(hash: String, at now: Timestamp) async throws(DatabaseError) -> Session? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(sessionColumns.all) FROM sessions WHERE hash = \(hash) AND expires_at > \(now)"
            ).first.map(decodeSession)
        }
    }

    /// Returns a user's sessions, the most recently used first.
    package func sessions(of user: UserID, at now: Timestamp) async throws(DatabaseError) -> [Session] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(sessionColumns.all) FROM sessions WHERE user_id = \(user) AND expires_at > \(now)
                ORDER BY last_seen_at DESC LIMIT 100
                """
            ).map(decodeSession)
        }
    }

    /// Records that a session was used.
    package func touch(
        _ session: SessionID, at now: Timestamp, expiresAt: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "UPDATE sessions SET last_seen_at = \(now), expires_at = \(expiresAt) WHERE id = \(session)")
        }
    }

    /// Records that the person behind a session typed the password.
    package func prove(_ session: SessionID, at now: Timestamp) async throws(DatabaseError) {
        try await database.run("UPDATE sessions SET proved_at = \(now) WHERE id = \(session)")
    }

    /// - Returns: whether the user had such a session.
    @discardableResult
    package func endSession(_ id: SessionID, of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM sessions WHERE id = \(id) AND user_id = \(user)") == 1
        }
    }

    /// Ends all sessions of a user except one.
    package func endSessions(of user: UserID, except kept: SessionID? = nil) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "DELETE FROM sessions WHERE user_id = \(user) AND id <> \(kept?.rawValue ?? "")")
        }
    }
}

private let sessionColumns: ColumnList = [
    "id", "user_id", "hash", "created_at", "last_seen_at", "expires_at", "address", "agent",
    "cookie_is_plain", "is_by_company", "proved_at",
]

private func decodeSession(_ row: Row) throws(DatabaseError) -> Session {
    Session(
        id: try row.get("id"), userID: try row.get("user_id"), hash: try row.get("hash"),
        createdAt: try row.get("created_at"), lastSeenAt: try row.get("last_seen_at"),
        expiresAt: try row.get("expires_at"), address: try row.get("address"), agent: try row.get("agent"),
        isCookiePlain: try row.get("cookie_is_plain"), isByCompany: try row.get("is_by_company"),
        provedAt: try row.get("proved_at"))
}
