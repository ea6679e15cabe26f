internal import Database
package import Domain

extension Store {
    /// Commits changes of incidents, many in one transaction. Each is all-or-nothing. All changes of incidents go
    /// through here.
    ///
    /// If one change makes the database refuse the transaction, each change gets a transaction of its own, so that the
    /// others still succeed.
    package func commit(_ commits: [Commit], at now: Timestamp) async -> [CommitResult] {
        await commit(commits, claiming: nil, at: now).results
    }

    /// Commits changes of incidents, and claims due pages in the same transaction. A page that becomes due with the change
    /// can then leave after one wait for the disk.
    ///
    /// A claim that the database refuses never costs the changes: they are then committed without it.
    package func commit(_ commits: [Commit], claiming order: ClaimOrder?, at now: Timestamp) async -> CommitOutcome {
        do {
            return try await write(commits, order, at: now)
        } catch {
            switch error {
            case .constraint, .statement, .invalidValue, .decoding:
                if order != nil { return CommitOutcome(results: await commit(commits, at: now)) }
                guard commits.count > 1, !error.isOfReading else { return .failed(commits, error) }
                var results: [CommitResult] = []
                for commit in commits { results += await self.commit([commit], at: now) }
                return CommitOutcome(results: results)
            case .unavailable, .busy, .closed:
                return .failed(commits, error)
            }
        }
    }

    private func write(
        _ commits: [Commit], _ order: ClaimOrder?, at now: Timestamp
    ) async throws(DatabaseError) -> CommitOutcome {
        let dialect = database.dialect
        let changes = prepare(commits, at: now)
        let openings = commits.count { $0.before == nil }
        let reserved = openings > 0 && dialect.name == "postgres" ? try await reserveNumbers(openings) : nil
        return try await database.write(.commit) { (connection) throws(DatabaseError) in
            var results = [CommitResult](repeating: .conflict, count: commits.count)
            var winners = try unfenced(changes, connection, dialect, &results)
            try number(&winners, from: reserved, connection)
            winners = try writeHeads(winners, connection, dialect)
            for change in winners { results[change.place] = .committed(change.after) }
            try connection.batch(winners.details(at: now, dialect), notifying: notices(of: winners))
            let claims = try order.map { (order) throws(DatabaseError) in try claim(order, connection, at: now) }
            return CommitOutcome(results: results, claims: claims.map { .success($0) })
        }
    }

    /// Makes the rows of commits. The commits are in the order in which they are written: the same order in all processes
    /// prevents deadlocks between them.
    ///
    /// Two changes of one incident were decided on the same version, so the second one has lost and is left out.
    private func prepare(_ commits: [Commit], at now: Timestamp) -> [PreparedCommit] {
        var policies = PolicyTexts()
        var seen: Set<IncidentID> = []
        let order = commits.indices.map { (key: WriteOrder(commits[$0]), place: $0) }
            .filter { seen.insert(commits[$0.place].transition.incident.id).inserted }
            .sorted { $0.key < $1.key }
        return order.map { PreparedCommit(commits[$0.place], $0.place, at: now, identifiers, &policies) }
    }
}

extension CommitOutcome {
    /// Nothing was committed, or nobody knows.
    fileprivate static func failed(_ commits: [Commit], _ error: DatabaseError) -> CommitOutcome {
        CommitOutcome(results: commits.map { _ in .failed(error) }, claims: .failure(error))
    }
}

extension DatabaseError {
    /// Whether an answer of the database could not be read. Trying the changes one by one would not help.
    fileprivate var isOfReading: Bool { if case .decoding = self { true } else { false } }
}

/// Returns the changes that may be written. Those under a lease need that lease to be current.
private func unfenced(
    _ changes: [PreparedCommit], _ connection: any Connection, _ dialect: Dialect, _ results: inout [CommitResult]
) throws(DatabaseError) -> [PreparedCommit] {
    // In the order in which they are renewed. A claim of pages locks the dispatch lease last.
    let leases = Set(changes.compactMap(\.commit.lease)).sorted { $0.duty.rawValue > $1.duty.rawValue }
    guard !leases.isEmpty else { return changes }
    var ended: Set<Lease> = []
    for lease in leases where try !Store.isCurrent(lease, connection, dialect) { ended.insert(lease) }
    func isFenced(_ change: PreparedCommit) -> Bool { change.commit.lease.map(ended.contains) ?? false }
    for change in changes where isFenced(change) { results[change.place] = .fenced }
    return changes.filter { !isFenced($0) }
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

/// Assigns numbers to new incidents, in the order of their commits: reserved ones, or ones from the counter when a
/// transaction is alone.
private func number(
    _ changes: inout [PreparedCommit], from reserved: Int?, _ connection: any Connection
) throws(DatabaseError) {
    let opened = changes.indices.filter { changes[$0].commit.before == nil }
    guard !opened.isEmpty else { return }
    var next = reserved ?? 0
    if reserved == nil {
        let rows = try connection.query(
            "UPDATE counters SET value = value + \(opened.count) WHERE name = 'incident' RETURNING value")
        let last: Int = try rows.first?.get("value") ?? opened.count
        next = last - opened.count + 1
    }
    for index in opened.sorted(by: { changes[$0].place < changes[$1].place }) {
        changes[index].take(number: next)
        next += 1
    }
}

/// Writes the incidents' own rows.
///
/// - Returns: the changes that were written. The others lost to another writer.
private func writeHeads(
    _ changes: [PreparedCommit], _ connection: any Connection, _ dialect: Dialect
) throws(DatabaseError) -> [PreparedCommit] {
    var (counts, updates, insertions): ([[SQLValue]], [[SQLValue]], [[SQLValue]]) = ([], [], [])
    for index in changes.indices {
        switch changes[index].head {
        case .count(let row): counts.append(row)
        case .update(let row): updates.append(row)
        case .insertion(let row): insertions.append(row)
        }
    }
    var statements: [SQL] = []
    if !counts.isEmpty && !updates.isEmpty && dialect.name == "postgres" {
        let known = changes.indices.filter { changes[$0].commit.before != nil }.map { changes[$0].after.id }
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
    return written.count == changes.count ? changes : changes.filter { written.contains($0.after.id) }
}

/// The order in which changes are written: known incidents by their ids, then new ones by their keys.
private struct WriteOrder: Comparable {
    private let parts: (Int, String, String, String)

    init(_ commit: Commit) {
        let incident = commit.transition.incident
        parts =
            commit.before != nil
            ? (0, incident.id.rawValue, "", "")
            : (1, incident.sourceID?.rawValue ?? "", incident.teamID.rawValue, incident.dedupKey.rawValue)
    }

    static func == (left: WriteOrder, right: WriteOrder) -> Bool { left.parts == right.parts }
    static func < (left: WriteOrder, right: WriteOrder) -> Bool { left.parts < right.parts }
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
