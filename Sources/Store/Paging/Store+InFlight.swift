package import Database
package import Domain

extension Store {
    /// Returns pages to the queue that an earlier leaseholder claimed and left without a result. They may have left, so
    /// they keep their message id and are marked as possible duplicates.
    ///
    /// - Returns: the number of pages, or nil when the lease is not current.
    package func requeueOrphans(under lease: Lease, at now: Timestamp) async throws(DatabaseError) -> Int? {
        let orphans = Requeue(
            pages: "state = 'claimed' AND epoch < \(lease.epoch)", earliest: "\(now)", isPossibleDuplicate: "1")
        return try await requeue(orphans, under: lease)
    }

    /// Returns pages to the queue whose claim succeeded but whose answer was lost. They cannot have left, so they are
    /// not marked as possible duplicates, and the attempt does not count.
    ///
    /// - Parameter inFlight: claimed messages whose answer arrived and that have no result yet.
    /// - Returns: the number of pages, or nil when the lease is not current.
    package func requeueLostClaims(
        of channels: [Channel], except inFlight: Set<String>, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> Int? {
        let others: SQL = inFlight.isEmpty ? "" : "AND message_id NOT IN \(list: inFlight.sorted())"
        let lost = Requeue(
            pages: "state = 'claimed' AND epoch = \(lease.epoch) AND channel IN \(list: channels) \(others)",
            earliest: "\(now)", attempts: "attempts - 1")
        return try await requeue(lost, under: lease)
    }

    private func requeue(_ pages: Requeue, under lease: Lease) async throws(DatabaseError) -> Int? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            return try pages.run(on: connection, dialect)
        }
    }

    /// Returns the pages of a claimed message that must not leave any more, with the reason: a decision withdrew them,
    /// or another process took over.
    package func withdrawnPages(of message: ClaimedMessage) async throws(DatabaseError) -> [PageID: String] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                """
                SELECT id, COALESCE(unwanted, 'another process took over') AS reason FROM pages
                WHERE message_id = \(message.id)
                  AND (unwanted IS NOT NULL OR state <> 'claimed' OR epoch <> \(message.epoch))
                """)
            var reasons: [PageID: String] = [:]
            for row in rows { reasons[try row.get("id")] = try row.get("reason") }
            return reasons
        }
    }
}
