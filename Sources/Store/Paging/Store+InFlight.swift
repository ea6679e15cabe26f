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

    /// Returns the channels with pages to give to `requeueLostClaims`. Nearly always there are none.
    package func channelsOfLostClaims(
        except inFlight: Set<String>, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> Set<Channel> {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            var channels: Set<Channel> = []
            for row in try connection.query(
                "SELECT DISTINCT channel FROM pages WHERE \(lostClaims(inFlight, lease, now))")
            {
                channels.insert(try row.get("channel"))
            }
            return channels
        }
    }

    private func lostClaims(_ inFlight: Set<String>, _ lease: Lease, _ now: Timestamp) -> SQL {
        let others: SQL = inFlight.isEmpty ? "" : "AND message_id NOT IN \(list: inFlight.sorted())"
        return "state = 'claimed' AND epoch = \(lease.epoch) AND claimed_at <= \(now) \(others)"
    }

    /// Returns claimed pages to the queue that no attempt of this process has in hand: the answer to their claim was
    /// lost, so they cannot have left, and the attempt does not count.
    ///
    /// Pages that have left are among them when a failover lost the result of an attempt but not its claim. They are
    /// marked as possible duplicates.
    ///
    /// The database may run this late, when pages have been claimed anew. So no claim counts that is newer.
    ///
    /// - Parameters:
    ///   - inFlight: claimed messages whose answer arrived and that have no result yet.
    ///   - now: when `inFlight` was read.
    ///   - hasLeft: whether a page has left this process before.
    /// - Returns: the number of pages, or nil when the lease is not current.
    package func requeueLostClaims(
        of channels: [Channel], except inFlight: Set<String>, under lease: Lease, at now: Timestamp,
        hasLeft: @escaping @Sendable (PageID) -> Bool
    ) async throws(DatabaseError) -> Int? {
        let lost: SQL = "channel IN \(list: channels) AND \(lostClaims(inFlight, lease, now))"
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            let ids = try connection.query("SELECT id FROM pages WHERE \(lost) ORDER BY id \(dialect.lockForUpdate)")
                .map { (row) throws(DatabaseError) -> PageID in try row.get("id") }
            let left = ids.filter(hasLeft)
            var count = 0
            if !left.isEmpty {
                count += try connection.execute(
                    Requeue(pages: "id IN \(list: left)", earliest: "\(now)", isPossibleDuplicate: "1").statement)
            }
            if left.count < ids.count {
                count += try connection.execute(
                    Requeue(pages: lost, earliest: "\(now)", attempts: "attempts - 1").statement)
            }
            return count
        }
    }

    private func requeue(_ pages: Requeue, under lease: Lease) async throws(DatabaseError) -> Int? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            return try pages.run(on: connection, dialect)
        }
    }

    /// Returns what decides whether a claimed message still leaves, and what it says.
    ///
    /// - Parameter since: how far back a message from the recipient counts as a conversation. Nil doesn't look for one.
    package func lastLook(
        at message: ClaimedMessage, conversationSince since: Timestamp?
    ) async throws(DatabaseError) -> LastLook {
        let withdrawn: SQL = """
            SELECT id, COALESCE(unwanted, 'another process took over') AS reason FROM pages
            WHERE message_id = \(message.id)
              AND (unwanted IS NOT NULL OR state <> 'claimed' OR epoch <> \(message.epoch))
            """
        let incidents: SQL = """
            SELECT \(incidentColumns.all) FROM incidents
            WHERE id IN \(list: message.pages.compactMap(\.incidentID)) ORDER BY number
            """
        let page = message.pages[0].page
        var statements = [withdrawn, incidents]
        if let since { statements.append(texts(from: page.address, over: page.channel, since: since)) }
        return try await database.read(.dispatch) { [statements] (connection) throws(DatabaseError) in
            let results = try connection.batch(statements)
            var look = LastLook()
            for row in results[0].rows { look.withdrawn[try row.get("id")] = try row.get("reason") }
            do throws(DatabaseError) {
                look.incidents = .success(try results[1].rows.map(decodeIncident))
            } catch {
                look.incidents = .failure(error)
            }
            look.isInConversation = results.count > 2 && !results[2].rows.isEmpty
            return look
        }
    }
}

/// What a claimed message is about, right before it leaves.
package struct LastLook: Sendable {
    /// The pages that must not leave any more, with the reason: a decision withdrew them, or another process took over.
    package var withdrawn: [PageID: String] = [:]
    /// In the order of their numbers. A failure if one can't be read.
    package var incidents: Result<[Incident], DatabaseError> = .success([])
    /// Whether the recipient has written over the message's channel of late.
    package var isInConversation = false

    package init() {}
}
