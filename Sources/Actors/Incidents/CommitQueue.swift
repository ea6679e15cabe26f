package import Domain
package import Store

/// Writes all changes of incidents in a process. Changes that arrive together share one transaction, but each of them
/// still succeeds or fails as a whole. Pages that are due at once are claimed in the same transaction, for workers that
/// wait for them.
package struct CommitQueue: Sendable {
    /// The maximum number of incidents in one transaction.
    package static let limit = 1_000
    /// The maximum number of callers whose changes share a batch.
    private static let callers = 200

    private let batcher: Batcher<[Commit], [CommitResult]>

    package init(store: Store, eventBus: EventBus, time: TimeSource, idle: IdleWorkers = IdleWorkers()) {
        batcher = Batcher(limit: CommitQueue.callers) { groups in
            var results: [[CommitResult]] = []
            for transaction in transactions(groups) {
                let commits = transaction.flatMap(\.self)
                let dues = commits.map(\.transition.pagesDue)
                let loan = await idle.borrow(for: dues.compactMap(\.self).merged, at: time.now())
                let outcome = await store.commit(commits, claiming: loan?.order, at: time.now())
                var claimed: Set<Channel> = []
                if case .success = outcome.claims, let loan { claimed = loan.channels }
                tell(commits, outcome.results, dues, claimed, eventBus)
                await loan?.settle(outcome.claims?.mapError { $0 })
                var written = outcome.results[...]
                for group in transaction {
                    results.append(Array(written.prefix(group.count)))
                    written = written.dropFirst(group.count)
                }
            }
            return results
        }
    }

    /// Returns once the change is durable, or with the reason why it was not written.
    package func submit(_ commit: Commit) async -> CommitResult { await batcher.submit([commit])[0] }

    /// Submits changes of different incidents that belong together. Up to `limit` of them share one transaction.
    package func submit(together commits: [Commit]) async -> [CommitResult] {
        var results: [CommitResult] = []
        for start in stride(from: 0, to: commits.count, by: CommitQueue.limit) {
            results += await batcher.submit(Array(commits[start..<min(start + CommitQueue.limit, commits.count)]))
        }
        return results
    }
}

/// The groups in their order, as many in each transaction as its limit allows. A group is never split.
func transactions<Change>(_ groups: [[Change]]) -> [[[Change]]] {
    var transactions: [[[Change]]] = []
    var size = CommitQueue.limit
    for group in groups {
        if size + group.count > CommitQueue.limit {
            transactions.append([])
            size = 0
        }
        transactions[transactions.count - 1].append(group)
        size += group.count
    }
    return transactions
}

/// Wakes the tasks that act on the committed changes.
///
/// - Parameters:
///   - dues: when the pages of each commit are due.
///   - claimed: the channels for which the transaction claimed what is due.
private func tell(
    _ commits: [Commit], _ results: [CommitResult], _ dues: [PagesDue?], _ claimed: Set<Channel>, _ eventBus: EventBus
) {
    var changed: [IncidentID] = []
    var pages: [PagesDue] = []
    var escalation: Timestamp?
    for (due, result) in zip(dues, results) {
        guard case .committed(let incident) = result else { continue }
        changed.append(incident.id)
        if let due { pages.append(due) }
        escalation = [escalation, incident.nextEscalationAt].compactMap(\.self).min()
    }
    if var due = pages.merged {
        due.claimed = claimed
        eventBus.publish(.pages(due))
    }
    if let escalation { eventBus.publish(.escalation(dueAt: escalation)) }
    if zip(commits, results).contains(where: { $1.isCommitted && !$0.transition.posts.isEmpty }) {
        eventBus.publish(.posts)
    }
    if !changed.isEmpty { eventBus.publish(.incidents(changed)) }
}

extension CommitResult {
    fileprivate var isCommitted: Bool { if case .committed = self { true } else { false } }
}
