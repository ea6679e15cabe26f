package import Database
package import Domain

extension Store {
    /// Returns the latest time until which any of these names is blocked.
    package func blockedUntil(_ names: [String]) async throws(DatabaseError) -> Timestamp? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT MAX(blocked_until) AS until FROM throttles WHERE name IN \(list: names)")
                .first?.get("until")
        }
    }

    /// Counts a failure under a name, and deletes counts older than a day.
    ///
    /// - Parameter pause: returns how long to block after this many failures.
    /// - Returns: the number of failures under the name.
    @discardableResult
    package func noteFailure(
        _ name: String, at now: Timestamp, pause: @escaping @Sendable (Int) -> Duration
    ) async throws(DatabaseError) -> Int {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM throttles WHERE last_at < \(now - .days(1))")
            let failures: Int =
                try connection.query(
                    """
                    INSERT INTO throttles (name, failures, blocked_until, last_at) VALUES (\(name), 1, 0, \(now))
                    ON CONFLICT (name) DO UPDATE SET failures = throttles.failures + 1, last_at = excluded.last_at
                    RETURNING failures
                    """
                ).first?.get("failures") ?? 1
            let until = now + pause(failures)
            try connection.execute("UPDATE throttles SET blocked_until = \(until) WHERE name = \(name)")
            return failures
        }
    }

    /// Takes back one failure that was counted before a try turned out to be right.
    package func takeBackFailures(_ names: [String]) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(
                "UPDATE throttles SET failures = failures - 1, blocked_until = 0 WHERE failures > 0 AND name IN \(list: names)"
            )
        }
    }

    package func forgetFailures(_ names: [String]) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM throttles WHERE name IN \(list: names)")
        }
    }
}
