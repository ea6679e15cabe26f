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
        let identifiers = identifiers
        let openings = commits.count { $0.before == nil }
        let reserved = openings > 0 && dialect.name == "postgres" ? try await reserveNumbers(openings) : nil
        return try await database.write(.commit) { (connection) throws(DatabaseError) in
            var results = [CommitResult](repeating: .conflict, count: commits.count)
            let allowed = try unfenced(commits, connection, dialect, &results)
            let numbered = try number(allowed.map { commits[$0] }, from: reserved, connection)
            // Writing in the order of ids prevents deadlocks between processes.
            let order = numbered.indices.sorted { numbered[$0].after.id < numbered[$1].after.id }
            let heads = order.map { numbered[$0].statement() }
            let written = try connection.batch(heads)
            var statements: [SQL] = []
            var winners: [NumberedCommit] = []
            for (position, index) in order.enumerated() where written[position].affected == 1 {
                let change = numbered[index]
                results[allowed[index]] = .committed(change.after)
                winners.append(change)
                statements += change.details(at: now, identifiers: identifiers)
            }
            if !statements.isEmpty { _ = try connection.batch(lockPages(of: winners, dialect) + statements) }
            try notifyChanges(winners, connection)
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
    _ commits: [Commit], from reserved: Int?, _ connection: any Connection
) throws(DatabaseError) -> [NumberedCommit] {
    let opened = commits.count { $0.before == nil }
    var next = reserved ?? 0
    if opened > 0 && reserved == nil {
        let rows = try connection.query(
            "UPDATE counters SET value = value + \(opened) WHERE name = 'incident' RETURNING value")
        let last: Int = try rows.first?.get("value") ?? opened
        next = last - opened + 1
    }
    return commits.map { commit in
        var after = commit.transition.incident
        after.version = (commit.before?.version ?? 0) + 1
        if commit.before == nil {
            after.number = next
            next += 1
        }
        return NumberedCommit(commit: commit, after: after)
    }
}

/// Locks the pages that these changes touch, in the order of their ids. Everything that changes several pages locks
/// them in this order, which prevents deadlocks.
private func lockPages(of changes: [NumberedCommit], _ dialect: Dialect) -> [SQL] {
    let incidents = changes.filter { $0.commit.before != nil && !$0.commit.transition.pageChanges.isEmpty }.map(
        \.after.id)
    guard !incidents.isEmpty, dialect.name == "postgres" else { return [] }
    let renumbered = changes.filter { $0.commit.transition.pageChanges.contains(where: \.renumbers) }.map(\.after.id)
    return [
        """
        SELECT id FROM pages WHERE incident_id IN \(list: incidents)
          AND (state IN ('queued', 'claimed') OR incident_id IN \(list: renumbered))
        ORDER BY id \(dialect.lockForUpdate)
        """
    ]
}

extension Store {
    /// Tells the other processes what changed and what is due when.
    private func notifyChanges(_ changes: [NumberedCommit], _ connection: any Connection) throws(DatabaseError) {
        guard !changes.isEmpty, database.dialect.name == "postgres" else { return }
        try notify(.incidents(changes.map(\.after.id)), on: connection)
        if let due = changes.compactMap({ $0.commit.transition.earliestPage }).min() {
            try notify(.pages(dueAt: due), on: connection)
        }
        if changes.contains(where: { !$0.commit.transition.posts.isEmpty }) { try notify(.posts, on: connection) }
        if let due = changes.compactMap(\.after.nextEscalationAt).min() {
            try notify(.escalation(dueAt: due), on: connection)
        }
    }
}

extension Transition {
    /// When the first page that this change adds or moves forward may leave.
    package var earliestPage: Timestamp? {
        let hastened = pageChanges.compactMap { change -> Timestamp? in
            switch change {
            case .hasten(_, let dueAt): dueAt
            case .revive: incident.updatedAt
            case .postpone(let delay): delay < .zero ? incident.updatedAt : nil
            case .tell(_, _, let at): at
            case .cancelAll, .cancel, .cancelOf, .takeBack, .tellNothing: nil
            }
        }
        return (pages.map(\.dueAt) + hastened).min()
    }
}

extension PageChange {
    /// Whether it also changes pages that are final.
    fileprivate var renumbers: Bool { if case .takeBack = self { true } else { false } }
}
