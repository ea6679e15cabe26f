package import Database
package import Domain

extension Store {
    /// Stores the link of an invitation. Earlier invitations of the person stop working.
    package func saveInvitation(
        hash: String, of user: UserID, expiresAt: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try withdraw(of: user, connection)
            try connection.execute(
                """
                INSERT INTO password_resets (hash, user_id, expires_at, is_invitation)
                VALUES (\(hash), \(user), \(expiresAt), 1)
                """)
        }
    }

    /// Ends a person's invitation. Returns false if there is none.
    package func withdrawInvitation(of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in try withdraw(of: user, connection) > 0 }
    }

    /// Returns the people with an invitation that can still be used, and when it expires.
    package func invitations(at now: Timestamp) async throws(DatabaseError) -> [UserID: Timestamp] {
        try await database.read { (connection) throws(DatabaseError) in
            var found: [UserID: Timestamp] = [:]
            for row in try connection.query(
                "SELECT user_id, expires_at FROM password_resets WHERE is_invitation = 1 AND expires_at > \(now)")
            {
                found[try row.get("user_id")] = try row.get("expires_at")
            }
            return found
        }
    }
}

/// Deletes the link, and the mail with it unless it has left.
@discardableResult
private func withdraw(of user: UserID, _ connection: any Connection) throws(DatabaseError) -> Int {
    let count = try connection.execute("DELETE FROM password_resets WHERE user_id = \(user) AND is_invitation = 1")
    if count > 0 { try connection.execute(clearedTexts("user_id = \(user)")) }
    return count
}
