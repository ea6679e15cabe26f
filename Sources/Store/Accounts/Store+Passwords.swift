package import Database
package import Domain

extension Store {
    /// Returns the user with this address and the password hash. Nil when the user cannot sign in.
    package func passwordHash(
        email: String
    ) async throws(DatabaseError) -> (user: UserID, hash: String, accessVersion: Int64)? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT id, password_hash, access_version FROM users
                WHERE LOWER(email) = \(email.lowercased()) AND password_hash IS NOT NULL AND is_enabled = 1
                """
            ).first.map { (row) throws(DatabaseError) in
                (try row.get("id"), try row.get("password_hash"), try row.get("access_version"))
            }
        }
    }

    /// Returns the number that the proofs of a user's remembered browsers contain. It changes when they are revoked.
    package func accessVersion(of user: UserID) async throws(DatabaseError) -> Int64 {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT access_version FROM users WHERE id = \(user)").first?.get("access_version")
                ?? 0
        }
    }

    /// Returns the users who can sign in. All others are only paged.
    package func usersWithPassword() async throws(DatabaseError) -> Set<UserID> {
        try await database.read { (connection) throws(DatabaseError) in
            Set(
                try connection.query("SELECT id FROM users WHERE password_hash IS NOT NULL").map {
                    (row) throws(DatabaseError) in try row.get("id", as: UserID.self)
                })
        }
    }

    /// Whether nobody could sign in up to now. Once this was false, it stays false.
    package func isFresh() async throws(DatabaseError) -> Bool {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT name FROM latches WHERE name = 'set-up'").isEmpty
        }
    }

    /// Stores a link to replace a forgotten password. Links that were mailed before work too, so that nobody can void them
    /// by asking again.
    package func saveReset(
        hash: String, of user: UserID, expiresAt: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                INSERT INTO password_resets (hash, user_id, expires_at) VALUES (\(hash), \(user), \(expiresAt))
                """)
        }
    }

    /// Returns the owner of a link. Nil when it is unknown, used or expired.
    package func resetOwner(hash: String, at now: Timestamp) async throws(DatabaseError) -> UserID? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT user_id FROM password_resets WHERE hash = \(hash) AND expires_at > \(now)"
            ).first?.get("user_id")
        }
    }

    /// Returns the owner of a link and uses all of the owner's links up, with the mails that contain them. If two requests
    /// compete, only one gets the user.
    package func takeReset(hash: String, at now: Timestamp) async throws(DatabaseError) -> UserID? {
        try await database.write { (connection) throws(DatabaseError) in
            let owner: UserID? = try connection.query(
                "DELETE FROM password_resets WHERE hash = \(hash) AND expires_at > \(now) RETURNING user_id"
            ).first?.get("user_id")
            if let owner {
                try connection.execute("DELETE FROM password_resets WHERE user_id = \(owner) OR expires_at <= \(now)")
                try connection.execute(clearedTexts("user_id = \(owner)"))
            }
            return owner
        }
    }

    /// Stores a link that proves a new address. The user's older links stop working.
    package func saveEmailChange(
        hash: String, of user: UserID, to email: String, expiresAt: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM email_changes WHERE user_id = \(user)")
            try connection.execute(
                """
                INSERT INTO email_changes (hash, user_id, email, expires_at)
                VALUES (\(hash), \(user), \(email), \(expiresAt))
                """)
        }
    }

    /// Returns the address that a user's link proves, and uses the link up if asked to. Nil when it is unknown, used or
    /// expired, or belongs to somebody else.
    package func emailChange(
        hash: String, of user: UserID, at now: Timestamp, uses: Bool
    ) async throws(DatabaseError) -> String? {
        let condition: SQL = "hash = \(hash) AND user_id = \(user) AND expires_at > \(now)"
        let statement: SQL =
            uses
            ? "DELETE FROM email_changes WHERE \(condition) RETURNING email"
            : "SELECT email FROM email_changes WHERE \(condition)"
        return try await database.write { (connection) throws(DatabaseError) in
            try connection.query(statement).first?.get("email")
        }
    }
}

/// Closes the set-up, unless it is closed.
func closedSetUp(at now: Timestamp) -> SQL {
    "INSERT INTO latches (name, closed_at) VALUES ('set-up', \(now)) ON CONFLICT (name) DO NOTHING"
}
