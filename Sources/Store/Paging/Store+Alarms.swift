package import Database
package import Domain

/// What the administrators were told of, so that of several processes only one tells.
extension Store {
    /// Returns whether this process is the one that tells.
    ///
    /// - Parameter earliest: who was told before is told again.
    package func beginAlarm(
        _ name: String, unlessSince earliest: Timestamp, at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        try await database.write(.lease) { (connection) throws(DatabaseError) in
            try connection.execute(
                """
                INSERT INTO alarms (name, told_at) VALUES (\(name), \(now))
                ON CONFLICT (name) DO UPDATE SET told_at = excluded.told_at WHERE alarms.told_at <= \(earliest)
                """) == 1
        }
    }

    /// Returns whether this process is the one that tells that it is over.
    package func endAlarm(_ name: String) async throws(DatabaseError) -> Bool {
        try await database.write(.lease) { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM alarms WHERE name = \(name)") == 1
        }
    }
}
