package import Database
package import Domain

/// An SNS topic that sends to a source, or was set up to.
package struct SNSSubscription: Sendable, Hashable {
    package enum State: String, Sendable, CaseIterable, SQLRepresentable {
        case confirmed
        /// Its confirmation address returned an error. SNS will ask again.
        case failed
        /// It was unsubscribed in AWS and sends nothing more.
        case ended
    }

    package var topic: String
    package var state: State
    /// What happened, as text for people.
    package var detail: String
    package var at: Timestamp

    package init(topic: String, state: State, detail: String, at: Timestamp) {
        self.topic = topic
        self.state = state
        self.detail = detail
        self.at = at
    }

    /// The maximum number of topics that a source lists.
    package static let limit = 100
}

extension Store {
    /// Stores the state of a source's topic.
    package func save(_ subscription: SNSSubscription, of source: SourceID) async throws(DatabaseError) {
        try await database.run(
            """
            INSERT INTO sns_subscriptions (source_id, topic, state, detail, at)
            VALUES (\(source), \(subscription.topic), \(subscription.state), \(subscription.detail), \(subscription.at))
            ON CONFLICT (source_id, topic) DO UPDATE SET state = excluded.state, detail = excluded.detail,
              at = excluded.at
            """)
    }

    /// Returns a source's topics, the most recently changed first.
    package func subscriptions(of source: SourceID) async throws(DatabaseError) -> [SNSSubscription] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT topic, state, detail, at FROM sns_subscriptions WHERE source_id = \(source)
                ORDER BY at DESC, topic LIMIT \(SNSSubscription.limit)
                """
            ).map { (row) throws(DatabaseError) in
                SNSSubscription(
                    topic: try row.get("topic"), state: try row.get("state"), detail: try row.get("detail"),
                    at: try row.get("at"))
            }
        }
    }

    /// Whether a source has already received a message.
    package func hasTaken(_ message: String, from source: SourceID) async throws(DatabaseError) -> Bool {
        try await database.read { (connection) throws(DatabaseError) in
            try !connection.query(
                "SELECT expires_at FROM sns_messages WHERE source_id = \(source) AND message_id = \(message)"
            ).isEmpty
        }
    }

    /// Records that a source received a message, and deletes expired records.
    package func remember(
        _ message: String, from source: SourceID, until expiry: Timestamp, at now: Timestamp
    ) async throws(DatabaseError) {
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM sns_messages WHERE expires_at < \(now)")
            try connection.execute(
                """
                INSERT INTO sns_messages (source_id, message_id, expires_at)
                VALUES (\(source), \(message), \(expiry)) ON CONFLICT DO NOTHING
                """)
        }
    }
}
