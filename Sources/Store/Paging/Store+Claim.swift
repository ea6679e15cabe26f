package import Database
package import Domain

extension Store {
    /// Claims due pages in order of need: high urgency first, then first pages before repeats, then teams in turn, then
    /// people in turn, then by age.
    ///
    /// A page whose earlier attempt may have succeeded keeps its message id, so that the provider recognizes it. Pages
    /// locked by another transaction are left for the next claim, so a claim never waits. The cost depends on the
    /// number of lines and on what is claimed, and not on the length of the queue.
    package func claim(
        _ request: ClaimRequest, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> ClaimResult {
        try await claim([request], under: lease, at: now)[0]
    }

    /// Claims for several workers in one transaction. The requests have the same bundling window, and no channel in common.
    ///
    /// - Returns: a result for each request, in the same order.
    package func claim(
        _ requests: [ClaimRequest], under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [ClaimResult] {
        let order = ClaimOrder(requests: requests, lease: lease)
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            try claim(order, connection, at: now)
        }
    }

    /// Claims within a transaction.
    func claim(
        _ order: ClaimOrder, _ connection: any Connection, at now: Timestamp
    ) throws(DatabaseError) -> [ClaimResult] {
        let (requests, lease, dialect) = (order.requests, order.lease, database.dialect)
        // A look that finds nothing locks nothing. On PostgreSQL a lock makes the commit wait for the disk.
        let places = try heads(
            of: requests.flatMap(\.channels), bundlingWindow: requests[0].bundlingWindow, connection)
        let lines = requests.map { request in self.lines(of: places.of(request), request, now) }
        guard !lines.allSatisfy(\.isEmpty) else { return requests.map { .nothing(next: places.of($0).next($0)) } }
        let statements = zip(lines, requests).map { dueStatements($0, $1, now) }
        let results = try connection.batch([Store.fence(lease, dialect)] + statements.flatMap(\.self))
        guard !results[0].rows.isEmpty else { return requests.map { _ in .fenced } }
        let found = results.dropFirst().parted(into: statements.map(\.count))
        let messages = zip(found, requests).map { bundle(duePages(in: $0), $1, lease) }
        let claims = zip(messages, requests).flatMap { messages, request in
            messages.map { $0.claim(by: request.provider, link: request.linkCode($0.id), at: now, dialect) }
        }
        guard !claims.isEmpty else { return requests.map { _ in .claimed([]) } }
        let answers = try connection.batch(claims)[...].parted(into: messages.map(\.count))
        let claimed = try zip(messages, answers).map { (messages, answers) throws(DatabaseError) in
            try confirm(messages, answers)
        }
        let changes = zip(claimed, zip(messages, requests)).flatMap { claimed, asked in
            let (messages, request) = asked
            let known = Set(messages.map(\.id))
            return claimed.filter { !known.contains($0.id) }.map { $0.naming(link: request.linkCode($0.id)) }
                + claimed.filter(\.isRepeat).map { $0.separation(id: identifiers.next(), dialect) }
        }
        if !changes.isEmpty { _ = try connection.batch(changes) }
        return requests.indices.map { index in
            if lines[index].isEmpty { return .nothing(next: places.of(requests[index]).next(requests[index])) }
            return claimed[index].isEmpty && !messages[index].isEmpty ? .contended : .claimed(claimed[index])
        }
    }

    /// Returns the due pages of the lines that are served next, in the order in which they are served.
    func duePages(
        _ request: ClaimRequest, _ connection: any Connection, _ now: Timestamp
    ) throws(DatabaseError) -> [ClaimedPage] {
        let lines = lines(
            of: try heads(of: request.channels, bundlingWindow: request.bundlingWindow, connection), request, now)
        return duePages(in: try connection.batch(dueStatements(lines, request, now)))
    }

    /// Returns the lines that are served next, in the order in which they are served.
    private func lines(of places: [QueuePlace], _ request: ClaimRequest, _ now: Timestamp) -> [QueuePlace] {
        places.filter { $0.waiting(request.pauses).readyAt <= now }.fairlyOrdered(after: request.served).served(
            request.limit)
    }

    private func dueStatements(_ lines: [QueuePlace], _ request: ClaimRequest, _ now: Timestamp) -> [SQL] {
        guard !lines.isEmpty else { return [] }
        let limit = max(min(request.bundleLimit, ClaimRequest.pageLimit / lines.count), 1)
        let dialect = database.dialect
        return lines.map { line -> SQL in
            """
            SELECT \(claimedPageColumns.all) FROM pages
            WHERE \(dialect.place) = \("\(line.channel) \(line.line)") AND due_at <= \(now)
            ORDER BY due_at, id LIMIT \(limit)
            """
        }
    }

    private func duePages(in results: some Sequence<StatementResult>) -> [ClaimedPage] {
        results.flatMap { damagedRows.decode($0.rows, of: "pages", isWhole: false, decodeClaimedPage) }
    }
}

extension ClaimedMessage {
    /// Claims the message's pages that nobody else has locked. Returns their ids.
    fileprivate func claim(by provider: String, link: String?, at now: Timestamp, _ dialect: Dialect) -> SQL {
        let ids = pages.map(\.page.id)
        let free: SQL = """
            SELECT id FROM pages WHERE id IN \(list: ids) AND \(knownPageState) = 'queued'
            ORDER BY id \(dialect.lockFreeRows)
            """
        let whole: SQL = isRepeat ? "AND (SELECT COUNT(*) FROM (\(free)) AS free) = \(ids.count)" : ""
        return """
            UPDATE pages SET state = 'claimed', epoch = \(epoch), claimed_at = \(now), attempts = attempts + 1,
              provider = \(provider), message_id = \(id), link = \(link)
            WHERE id IN (\(free)) \(whole) RETURNING id
            """
    }

    /// Stores the message's id, after its first page has turned out to be locked by another transaction.
    fileprivate func naming(link: String?) -> SQL {
        "UPDATE pages SET message_id = \(id), link = \(link) WHERE id IN \(list: pages.map(\.page.id))"
    }

    /// Gives queued pages of the same message a message id of their own. They wait longer, for example for the end of a
    /// snooze, and must not leave under an id that the provider knows already.
    fileprivate func separation(id: PageID, _ dialect: Dialect) -> SQL {
        """
        UPDATE pages SET message_id = \(id) WHERE id IN (
          SELECT id FROM pages WHERE message_id = \(self.id) AND \(knownPageState) = 'queued'
          ORDER BY id \(dialect.lockFreeRows))
        """
    }
}

extension [QueuePlace] {
    /// Those of a request's channels.
    fileprivate func of(_ request: ClaimRequest) -> [QueuePlace] { filter { request.channels.contains($0.channel) } }

    /// When the first of them may leave.
    fileprivate func next(_ request: ClaimRequest) -> Timestamp? { map { $0.waiting(request.pauses).readyAt }.min() }

    /// Returns the lines of the first contact methods, including their later lines, whose pages leave in the same
    /// message.
    fileprivate func served(_ limit: Int) -> [QueuePlace] {
        var served: Set<ContactMethodID> = []
        return filter { place in
            guard served.count < limit else { return served.contains(place.contactMethodID) }
            served.insert(place.contactMethodID)
            return true
        }
    }
}

/// Bundles incident pages to one contact method into one message. Other pages, and pages that were attempted before,
/// stay as they are.
private func bundle(_ candidates: [ClaimedPage], _ request: ClaimRequest, _ lease: Lease) -> [ClaimedMessage] {
    var messages: [ClaimedMessage] = []
    var places: [String: Int] = [:]
    for candidate in candidates {
        let page = candidate.page
        let isFresh = page.attempts == 0 && candidate.incidentID != nil && !page.isPossibleDuplicate
        let key = isFresh ? "to \(page.contactMethodID)" : "again \(candidate.message ?? page.id.rawValue)"
        if let place = places[key] {
            if messages[place].pages.count < request.bundleLimit { messages[place].pages.append(candidate) }
        } else if messages.count < request.limit {
            places[key] = messages.count
            // A fresh page may have been in a message whose claim was lost. That message never left.
            let id = isFresh ? page.id.rawValue : candidate.message ?? page.id.rawValue
            messages.append(ClaimedMessage(id: id, pages: [candidate], epoch: lease.epoch, isRepeat: !isFresh))
        }
    }
    return messages
}

extension ArraySlice {
    /// Consecutive parts of these lengths.
    fileprivate func parted(into lengths: [Int]) -> [ArraySlice] {
        var start = startIndex
        return lengths.map { length in
            defer { start += length }
            return self[start..<start + length]
        }
    }
}

/// Drops pages that were cancelled between the query and the claim, or that another transaction is changing.
private func confirm(
    _ messages: [ClaimedMessage], _ results: ArraySlice<StatementResult>
) throws(DatabaseError) -> [ClaimedMessage] {
    var confirmed: [ClaimedMessage] = []
    for (message, result) in zip(messages, results) {
        let ids = Set(try result.rows.map { (row) throws(DatabaseError) -> PageID in try row.get("id") })
        var kept = message
        kept.pages = message.pages.filter { ids.contains($0.page.id) }
        // The id of a page that is left behind will be the id of its own message.
        if !message.isRepeat, let first = kept.pages.first { kept.id = first.page.id.rawValue }
        for index in kept.pages.indices {
            kept.pages[index].page.state = .claimed
            kept.pages[index].page.attempts += 1
        }
        if !kept.pages.isEmpty { confirmed.append(kept) }
    }
    return confirmed
}
