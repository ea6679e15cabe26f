package import Database

extension Store {
    private static let telegram = "telegram-offset"

    /// Returns the first update of the Telegram bot that was not read yet. Nil before the first one.
    package func telegramOffset() async throws(DatabaseError) -> Int64? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query("SELECT value FROM counters WHERE name = \(Store.telegram)").first?.get("value")
        }
    }

    /// - Returns: false when the lease is not current.
    package func saveTelegramOffset(_ offset: Int64, under lease: Lease) async throws(DatabaseError) -> Bool {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return false }
            try connection.execute(
                """
                INSERT INTO counters (name, value) VALUES (\(Store.telegram), \(offset))
                ON CONFLICT (name) DO UPDATE SET value = excluded.value
                """)
            return true
        }
    }
}
