package import Database
package import Domain

/// What became of a text.
package enum ReplyOutcome: String, Sendable {
    /// It is not known yet. If the process ends or the database fails, the vendor delivers the text again.
    case received
    /// It did something.
    case action
    /// It got an answer and did nothing else.
    case answered
    case ignored
}

extension Store {
    /// Stores a text that arrived and forgets old ones.
    ///
    /// - Returns: false if it had arrived before and its outcome is stored.
    package func keepText(_ text: InboundText, at now: Timestamp) async throws(DatabaseError) -> Bool {
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM inbound_texts WHERE at < \(now - ReplyBounds.memory)")
            try connection.execute(
                """
                INSERT INTO inbound_texts (id, address, channel, at, outcome)
                VALUES (\(text.id), \(text.from), \(text.channel.rawValue), \(now), \(ReplyOutcome.received.rawValue)) ON CONFLICT DO NOTHING
                """)
            let rows = try connection.query("SELECT outcome FROM inbound_texts WHERE id = \(text.id)")
            return try rows.first?.get("outcome") == ReplyOutcome.received.rawValue
        }
    }

    /// Finds a row if somebody wrote from an address since an instant.
    func texts(from address: String, over channel: Channel, since: Timestamp) -> SQL {
        """
        SELECT id FROM inbound_texts
        WHERE address = \(address) AND at >= \(since) AND channel = \(channel.rawValue) LIMIT 1
        """
    }

    /// Returns how many answers a number got since its last action.
    package func answersSinceAction(to address: String) async throws(DatabaseError) -> Int {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT COUNT(CASE WHEN outcome = 'answered' THEN 1 END) AS answers FROM inbound_texts
                WHERE address = \(address) AND at > COALESCE((
                  SELECT MAX(at) FROM inbound_texts WHERE address = \(address) AND outcome = 'action'), 0)
                """
            ).first?.get("answers") ?? 0
        }
    }

    /// Stores what became of a text.
    package func concludeText(_ text: InboundText, _ outcome: ReplyOutcome) async throws(DatabaseError) {
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            try connection.execute("UPDATE inbound_texts SET outcome = \(outcome.rawValue) WHERE id = \(text.id)")
        }
    }

    /// Returns the pages of the latest message about incidents that left to a contact method.
    package func latestMessage(to method: ContactMethodID) async throws(DatabaseError) -> [PageRecord] {
        let rows = try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT message_id FROM pages WHERE contact_method_id = \(method) AND purpose = 'incident'
                  AND claimed_at IS NOT NULL AND message_id IS NOT NULL AND state IN ('sent', 'delivered', 'claimed')
                ORDER BY claimed_at DESC, id DESC LIMIT 1
                """)
        }
        guard let row = rows.first else { return [] }
        return try await pages(ofMessage: try row.get("message_id"))
    }
}
