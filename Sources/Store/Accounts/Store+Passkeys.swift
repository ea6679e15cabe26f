package import Database
package import Domain

extension Store {
    /// What became of a new passkey.
    package enum PasskeySaving: Sendable, Hashable {
        case saved
        /// The user has as many as anybody may have.
        case tooMany
        /// Somebody has it already.
        case known
    }

    /// Stores a new passkey with the user's access version of now.
    ///
    /// - Parameter limit: how many a user may have.
    package func save(_ passkey: Passkey, limit: Int) async throws(DatabaseError) -> PasskeySaving {
        try await database.write { (connection) throws(DatabaseError) in
            // The user's row makes two requests at the same time wait for each other.
            let version: Int64? = try connection.query(
                """
                UPDATE users SET access_version = access_version WHERE id = \(passkey.userID) RETURNING access_version
                """
            ).first?.get("access_version")
            let count: Int =
                try connection.query("SELECT COUNT(*) AS count FROM passkeys WHERE user_id = \(passkey.userID)").first?
                .get("count") ?? 0
            guard count < limit, let version else { return .tooMany }
            let saved = try connection.execute(
                """
                INSERT INTO passkeys (id, user_id, credential, public_key, name, counter, access_version, created_at)
                VALUES (\(passkey.id), \(passkey.userID), \(passkey.credential), \(passkey.publicKey), \(passkey.name),
                  \(passkey.counter), \(version), \(passkey.createdAt)) ON CONFLICT (credential) DO NOTHING
                """)
            return saved == 1 ? .saved : .known
        }
    }

    /// Returns a user's passkeys, the oldest first.
    package func passkeys(of user: UserID) async throws(DatabaseError) -> [Passkey] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(passkeyColumns.all) FROM passkeys WHERE user_id = \(user) ORDER BY created_at, id"
            ).map(decodePasskey)
        }
    }

    package func passkey(credential: String) async throws(DatabaseError) -> Passkey? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(passkeyColumns.all) FROM passkeys WHERE credential = \(credential)"
            ).first.map(decodePasskey)
        }
    }

    /// Uses a challenge up, and forgets those that have ended.
    ///
    /// - Returns: false if it was used before.
    package func useChallenge(hash: String, until end: Timestamp, at now: Timestamp) async throws(DatabaseError) -> Bool
    {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM used_challenges WHERE expires_at <= \(now)")
            return try connection.execute(
                "INSERT INTO used_challenges (hash, expires_at) VALUES (\(hash), \(end)) ON CONFLICT DO NOTHING") == 1
        }
    }

    /// Stores that a passkey was used, and how far its authenticator has counted.
    ///
    /// - Parameter version: the user's access version, if the password was right too.
    /// - Returns: false if the counter has not gone on, as with a copy of the authenticator.
    package func use(
        _ id: PasskeyID, counter: Int64, version: Int64?, at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        // An authenticator that doesn't count always says 0.
        let goesOn: SQL = counter == 0 ? "counter = 0" : "counter < \(counter)"
        return try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                UPDATE passkeys SET counter = \(counter), last_used_at = \(now),
                  access_version = COALESCE(\(version), access_version)
                WHERE id = \(id) AND \(goesOn)
                """) == 1
        }
    }

    /// Deletes a user's passkey, and the recovery codes if no other factor is left.
    ///
    /// - Returns: nil if the user has no such passkey.
    package func deletePasskey(_ id: PasskeyID, of user: UserID) async throws(DatabaseError) -> Passkey? {
        try await database.write { (connection) throws(DatabaseError) in
            let passkey = try connection.query(
                "DELETE FROM passkeys WHERE id = \(id) AND user_id = \(user) RETURNING \(passkeyColumns.all)"
            ).first.map(decodePasskey)
            try connection.execute(forgottenCodes(of: user))
            return passkey
        }
    }
}

/// Deletes the recovery codes of a user without a factor that they could replace.
func forgottenCodes(of user: UserID) -> SQL {
    """
    DELETE FROM recovery_codes WHERE user_id = \(user)
      AND NOT EXISTS (SELECT 1 FROM second_factors WHERE user_id = \(user) AND confirmed_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM passkeys WHERE user_id = \(user))
    """
}

private let passkeyColumns: ColumnList = [
    "id", "user_id", "credential", "public_key", "name", "counter", "access_version", "created_at", "last_used_at",
]

private func decodePasskey(_ row: Row) throws(DatabaseError) -> Passkey {
    Passkey(
        id: try row.get("id"), userID: try row.get("user_id"), credential: try row.get("credential"),
        publicKey: try row.get("public_key"), name: try row.get("name"), counter: try row.get("counter"),
        accessVersion: try row.get("access_version"), createdAt: try row.get("created_at"),
        lastUsedAt: try row.get("last_used_at"))
}
