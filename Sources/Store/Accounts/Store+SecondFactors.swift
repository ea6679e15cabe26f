package import Database
package import Domain

/// A user's secret for one-time passwords, as it is stored.
package struct SecondFactor: Sendable, Hashable {
    /// Sealed with `SECRET_KEY`.
    package var secret: String
    /// Nil until the first password from the app was right.
    package var confirmedAt: Timestamp?
    package var lastStep: Int64
}

extension Store {
    /// Stores a new secret that does not count yet. A confirmed one stays.
    package func saveSecondFactor(_ secret: String, of user: UserID, at now: Timestamp) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                INSERT INTO second_factors (user_id, secret, last_step, created_at)
                VALUES (\(user), \(secret), 0, \(now))
                ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret, last_step = 0,
                  created_at = excluded.created_at WHERE second_factors.confirmed_at IS NULL
                """)
        }
    }

    package func secondFactor(of user: UserID) async throws(DatabaseError) -> SecondFactor? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT secret, confirmed_at, last_step FROM second_factors WHERE user_id = \(user)"
            ).first.map { (row) throws(DatabaseError) in
                SecondFactor(
                    secret: try row.get("secret"), confirmedAt: try row.get("confirmed_at"),
                    lastStep: try row.get("last_step"))
            }
        }
    }

    /// Returns all secrets for one-time passwords, as they are stored.
    package func sealedFactors() async throws(DatabaseError) -> [(user: UserID, secret: String)] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT user_id, secret FROM second_factors ORDER BY user_id").map {
                (row) throws(DatabaseError) in (try row.get("user_id"), try row.get("secret"))
            }
        }
    }

    /// Stores the same secret, sealed anew, unless it was replaced in the meantime.
    package func replaceSecret(of user: UserID, _ old: String, by new: String) async throws(DatabaseError) {
        try await database.run(
            "UPDATE second_factors SET secret = \(new) WHERE user_id = \(user) AND secret = \(old)")
    }

    /// Uses up the password of a step.
    ///
    /// - Returns: false if another request has used it, or a later one.
    package func takeStep(_ step: Int64, of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "UPDATE second_factors SET last_step = \(step) WHERE user_id = \(user) AND last_step < \(step)") == 1
        }
    }

    /// Makes the secret count.
    package func confirmSecondFactor(of user: UserID, at now: Timestamp) async throws(DatabaseError) {
        try await database.run(
            "UPDATE second_factors SET confirmed_at = COALESCE(confirmed_at, \(now)) WHERE user_id = \(user)")
    }

    /// Stores the hashes of new recovery codes in place of the old ones.
    package func replaceRecoveryCodes(of user: UserID, by recoveryCodes: [String]) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
            for hash in recoveryCodes {
                try connection.execute("INSERT INTO recovery_codes (user_id, hash) VALUES (\(user), \(hash))")
            }
        }
    }

    /// Uses up a recovery code. If two requests compete, only one gets it.
    package func takeRecoveryCode(hash: String, of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM recovery_codes WHERE user_id = \(user) AND hash = \(hash)") == 1
        }
    }

    package func countRecoveryCodes(of user: UserID) async throws(DatabaseError) -> Int {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT COUNT(*) AS count FROM recovery_codes WHERE user_id = \(user)").first?
                .get("count") ?? 0
        }
    }

    /// Deletes the secret for one-time passwords, and the recovery codes if there is no passkey.
    ///
    /// - Returns: whether there was one.
    package func deleteSecondFactor(of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            let isGone = try connection.execute("DELETE FROM second_factors WHERE user_id = \(user)") == 1
            try connection.execute(forgottenCodes(of: user))
            return isGone
        }
    }

    /// Deletes all second factors of a user: the secret for one-time passwords, passkeys and recovery codes.
    ///
    /// - Returns: whether there was one.
    package func deleteFactors(of user: UserID) async throws(DatabaseError) -> Bool {
        try await database.write { (connection) throws(DatabaseError) in
            let passkeys = try connection.execute("DELETE FROM passkeys WHERE user_id = \(user)")
            let secrets = try connection.execute("DELETE FROM second_factors WHERE user_id = \(user)")
            try connection.execute("DELETE FROM recovery_codes WHERE user_id = \(user)")
            return passkeys + secrets > 0
        }
    }

    /// Stores that a password was right, and forgets such steps that have expired.
    package func saveSignInStep(
        hash: String, of user: UserID, expiresAt: Timestamp, at now: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM sign_in_steps WHERE expires_at <= \(now)")
            try connection.execute(
                "INSERT INTO sign_in_steps (hash, user_id, expires_at) VALUES (\(hash), \(user), \(expiresAt))")
        }
    }

    package func signInStep(hash: String, at now: Timestamp) async throws(DatabaseError) -> UserID? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT user_id FROM sign_in_steps WHERE hash = \(hash) AND expires_at > \(now)"
            ).first?.get("user_id")
        }
    }

    package func deleteSignInStep(hash: String) async throws(DatabaseError) {
        try await database.run("DELETE FROM sign_in_steps WHERE hash = \(hash)")
    }
}
