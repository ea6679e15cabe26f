package import Database
package import Domain

/// What the administrators were told of, so that of several processes only one tells.
extension Store {
    /// Returns whether this process is the one that tells. If so, the notices are queued with the same commit.
    ///
    /// - Parameter earliest: who was told before is told again.
    package func beginAlarm(
        _ name: String, unlessSince earliest: Timestamp, telling text: String = "", to ways: [ContactMethod] = [],
        at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        let claim: SQL = """
            INSERT INTO alarms (name, told_at) VALUES (\(name), \(now))
            ON CONFLICT (name) DO UPDATE SET told_at = excluded.told_at WHERE alarms.told_at <= \(earliest)
            """
        return try await tell(claim, text, ways, now)
    }

    /// Returns whether this process is the one that tells that it is over. If so, the notices are queued with the same
    /// commit.
    package func endAlarm(
        _ name: String, telling text: String = "", to ways: [ContactMethod] = [], at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        try await tell("DELETE FROM alarms WHERE name = \(name)", text, ways, now)
    }

    private func tell(
        _ claim: SQL, _ text: String, _ ways: [ContactMethod], _ now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        let notices = ways.map { pageInsertion(.notice(text: text), to: $0, .high, due: now, at: now).statement }
        return try await database.write(.lease) { (connection) throws(DatabaseError) in
            guard try connection.execute(claim) == 1 else { return false }
            guard !notices.isEmpty else { return true }
            for notice in notices { try connection.execute(notice) }
            try notify(.pages(dueAt: now), on: connection)
            return true
        }
    }
}
