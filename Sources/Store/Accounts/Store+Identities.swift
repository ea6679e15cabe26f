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

    /// Returns the issuers of the company accounts that belong to a user.
    package func issuers(of user: UserID) async throws(DatabaseError) -> Set<String> {
        try await database.read { (connection) throws(DatabaseError) in
            try Set(accounts(of: user, connection).map(\.issuer))
        }
    }

    /// Makes a company account belong to a user, unless another one does.
    ///
    /// - Parameter issuers: those whose accounts count. Accounts of a service that is not in use any more don't.
    /// - Returns: whether it belongs to the user now.
    package func link(
        issuer: String, subject: String, to user: UserID, among issuers: Set<String>, at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            // Two services may name the same address at once. The row's lock lets one of them wait for the other.
            try connection.execute("UPDATE users SET id = id WHERE id = \(user)")
            let known = try accounts(of: user, connection)
            if known.contains(where: { $0 == (issuer, subject) }) { return true }
            if known.contains(where: { issuers.contains($0.issuer) }) { return false }
            return try connection.execute(
                """
                INSERT INTO identities (issuer, subject, user_id, created_at)
                VALUES (\(issuer), \(subject), \(user), \(now)) ON CONFLICT (issuer, subject) DO NOTHING
                """) == 1
        }
    }
}

private func accounts(
    of user: UserID, _ connection: any Connection
) throws(DatabaseError) -> [(issuer: String, subject: String)] {
    try connection.query("SELECT issuer, subject FROM identities WHERE user_id = \(user)").map {
        (row) throws(DatabaseError) in (try row.get("issuer"), try row.get("subject"))
    }
}
