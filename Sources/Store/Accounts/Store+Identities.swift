package import Database
package import Domain

extension Store {
    /// Returns the user to whom a company account belongs.
    package func identity(issuer: String, subject: String) async throws(DatabaseError) -> UserID? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT user_id FROM identities WHERE issuer = \(issuer) AND subject = \(subject)"
            ).first?.get("user_id")
        }
    }

    /// Whether a user belongs to another company account of this service.
    package func hasIdentity(_ user: UserID, issuer: String) async throws(DatabaseError) -> Bool {
        try await database.read { (connection) throws(DatabaseError) in
            try !connection.query(
                "SELECT subject FROM identities WHERE issuer = \(issuer) AND user_id = \(user) LIMIT 1"
            ).isEmpty
        }
    }

    /// Makes a company account belong to a user.
    package func link(
        issuer: String, subject: String, to user: UserID, at now: Timestamp
    ) async throws(DatabaseError) {
        try await database.run(
            """
            INSERT INTO identities (issuer, subject, user_id, created_at)
            VALUES (\(issuer), \(subject), \(user), \(now)) ON CONFLICT (issuer, subject) DO NOTHING
            """)
    }
}
