internal import Database
package import Domain

extension Store {
    /// Commits changes of incidents, many in one transaction. Each is all-or-nothing. All changes of incidents go
    /// through here.
    ///
    /// If one change makes the database refuse the transaction, each change gets a transaction of its own, so that the
    /// others still succeed.
    package func commit(_ commits: [Commit], at now: Timestamp) async -> [CommitResult] {
        do {
            return try await write(commits, at: now)
        } catch {
            switch error {
            case .constraint, .statement, .invalidValue:
                guard commits.count > 1 else { return [.failed(error)] }
                var results: [CommitResult] = []
                for commit in commits { results += await self.commit([commit], at: now) }
                return results
            case .unavailable, .busy, .decoding, .closed:
                return commits.map { _ in .failed(error) }
            }
        }
    }

    private func write(_ commits: [Commit], at now: Timestamp) async throws(DatabaseError) -> [CommitResult] {
        let dialect = database.dialect
        var policies = PolicyTexts()
        let prepared = commits.map { PreparedCommit($0, at: now, identifiers, &policies) }
        let openings = commits.count { $0.before == nil }
        let reserved = openings > 0 && dialect.name == "postgres" ? try await reserveNumbers(openings) : nil
        return try await database.write(.commit) { (connection) throws(DatabaseError) in
            var results = [CommitResult](repeating: .conflict, count: commits.count)
            let allowed = try unfenced(commits, connection, dialect, &results)
            let numbered = try number(allowed.map { prepared[$0] }, from: reserved, connection)
            let written = try writeHeads(numbered, connection, dialect)
            for index in written { results[allowed[index]] = .committed(numbered[index].after) }
            let winners = written.map { numbered[$0] }
            try connection.batch(winners.details(at: now, dialect), notifying: notices(of: winners))
            return results
        }
    }
}

/// Returns the indices of the commits that may be written. Those under a lease need that lease to be current.
private func unfenced(
    _ commits: [Commit], _ connection: any Connection, _ dialect: Dialect, _ results: inout [CommitResult]
) throws(DatabaseError) -> [Int] {
    var verdicts: [Lease: Bool] = [:]
    var allowed: [Int] = []
    for (index, commit) in commits.enumerated() {
        if let lease = commit.lease {
            if verdicts[lease] == nil { verdicts[lease] = try Store.isCurrent(lease, connection, dialect) }
            guard verdicts[lease] == true else {
                results[index] = .fenced
                continue
            }
        }
        allowed.append(index)
    }
    return allowed
}

extension Store {
    /// Reserves numbers for incidents that are about to be opened, and returns the first.
    ///
    /// The counter's row is locked for one statement only, never across a round trip, so a process that stops here
    /// blocks nobody. Unused numbers leave a gap. The statement does not wait for the disk, because any commit that
    /// uses the numbers comes after it in the log.
    private func reserveNumbers(_ count: Int) async throws(DatabaseError) -> Int {
        let result = try await database.run(
            .commit,
            """
            UPDATE counters SET value = value + \(count)
            WHERE name = 'incident' AND set_config('synchronous_commit', 'off', true) = 'off' RETURNING value
            """)
        guard let row = result.rows.first else { throw .decoding("the counter of incidents is missing") }
        return try row.get("value", as: Int.self) - count + 1
    }
}

/// Assigns numbers to new incidents: reserved ones, or ones from the counter when a transaction is alone.
private func number(
    _ changes: [PreparedCommit], from reserved: Int?, _ connection: any Connection
) throws(DatabaseError) -> [PreparedCommit] {
    let opened = changes.count { $0.commit.before == nil }
    var next = reserved ?? 0
    if opened > 0 && reserved == nil {
        let rows = try connection.query(
            "UPDATE counters SET value = value + \(opened) WHERE name = 'incident' RETURNING value")
        let last: Int = try rows.first?.get("value") ?? opened
        next = last - opened + 1
    }
    var numbered = changes
    for index in numbered.indices where numbered[index].commit.before == nil {
        numbered[index].take(number: next)
        next += 1
    }
    return numbered
}

/// Writes the incidents' own rows.
///
/// - Returns: the indices of the changes that were written. The others lost to another writer.
private func writeHeads(
    _ changes: [PreparedCommit], _ connection: any Connection, _ dialect: Dialect
) throws(DatabaseError) -> [Int] {
    var places: [IncidentID: Int] = [:]
    // Two changes of one incident were decided on the same version, so the second one has lost.
    for (index, change) in changes.enumerated() where places[change.after.id] == nil { places[change.after.id] = index }
    // The same order in all processes prevents deadlocks between them.
    let order = places.values.sorted { changes[$0].comesBefore(changes[$1]) }
    var (counts, updates, insertions): ([[SQLValue]], [[SQLValue]], [[SQLValue]]) = ([], [], [])
    for index in order {
        switch changes[index].head {
        case .count(let row): counts.append(row)
        case .update(let row): updates.append(row)
        case .insertion(let row): insertions.append(row)
        }
    }
    var statements: [SQL] = []
    if !counts.isEmpty && !updates.isEmpty && dialect.name == "postgres" {
        let known = order.filter { changes[$0].commit.before != nil }.map { changes[$0].after.id }
        statements.append("SELECT id FROM incidents WHERE id IN \(list: known) ORDER BY id \(dialect.lockForUpdate)")
    }
    let locks = statements.count
    statements += try IncidentRow.count.statements(counts, dialect)
    statements += try IncidentRow.update.statements(updates, dialect)
    statements += try IncidentRow.insertion.statements(insertions, dialect)
    var written: Set<IncidentID> = []
    for result in try connection.batch(statements).dropFirst(locks) {
        for row in result.rows { written.insert(try row.get("id")) }
    }
    return order.filter { written.contains(changes[$0].after.id) }
}

extension PreparedCommit {
    /// Known incidents in the order of their ids, then new ones in the order of their keys.
    fileprivate func comesBefore(_ other: PreparedCommit) -> Bool {
        let isNew = (commit.before == nil, other.commit.before == nil)
        switch isNew {
        case (false, true): return true
        case (true, false): return false
        case (false, false): return after.id < other.after.id
        case (true, true):
            let (mine, others) = (after, other.after)
            return (mine.sourceID?.rawValue ?? "", mine.teamID.rawValue, mine.dedupKey.rawValue)
                < (others.sourceID?.rawValue ?? "", others.teamID.rawValue, others.dedupKey.rawValue)
        }
    }
}

extension Store {
    /// What to tell the other processes: what changed and what is due when.
    private func notices(of changes: [PreparedCommit]) -> [String] {
        guard !changes.isEmpty, database.dialect.name == "postgres" else { return [] }
        var events = StoreEvent.changed(changes.map(\.after.id))
        if let due = changes.compactMap(\.commit.transition.pagesDue).merged { events.append(.pages(due)) }
        if changes.contains(where: { !$0.commit.transition.posts.isEmpty }) { events.append(.posts) }
        let dues = changes.filter { $0.after.nextEscalationAt != $0.commit.before?.nextEscalationAt }
        if let due = dues.compactMap(\.after.nextEscalationAt).min() { events.append(.escalation(dueAt: due)) }
        return events.map(payload)
    }
}

extension Transition {
    /// When the pages that this change adds or moves forward may leave.
    package var pagesDue: PagesDue? {
        let hastened = pageChanges.compactMap { change -> PagesDue? in
            let instant: Timestamp? =
                switch change {
                case .hasten(_, let dueAt): dueAt
                case .revive: incident.updatedAt
                case .postpone(let delay): delay < .zero ? incident.updatedAt : nil
                case .tell(_, _, let at): at
                case .cancelAll, .cancel, .cancelOf, .takeBack, .tellNothing: nil
                }
            return instant.map { PagesDue(at: $0) }
        }
        return (hastened + [PagesDue(pages.map { ($0.channel, $0.dueAt) })].compactMap(\.self)).merged
    }
}
