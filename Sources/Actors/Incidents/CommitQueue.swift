package import Domain
package import Store

/// The single writer door of a process: changes of many incidents that arrive together are one transaction, and
/// each of them stays all-or-nothing.
package struct CommitQueue: Sendable {
    /// Incidents of one transaction.
    package static let limit = 200

    private let batcher: Batcher<Commit, CommitResult>

    package init(store: Store, bulletin: Bulletin, time: TimeSource) {
        batcher = Batcher(limit: CommitQueue.limit) { commits in
            let results = await store.commit(commits, at: time.now())
            tell(commits, results, bulletin)
            return results
        }
    }

    /// Returns when the change is durable, or why it is not.
    package func submit(_ commit: Commit) async -> CommitResult { await batcher.submit(commit) }
}

/// Wakes whoever acts on what is now committed.
private func tell(_ commits: [Commit], _ results: [CommitResult], _ bulletin: Bulletin) {
    var changed: [IncidentID] = []
    var page: Timestamp?
    var escalation: Timestamp?
    for (commit, result) in zip(commits, results) {
        guard case .committed(let incident) = result else { continue }
        changed.append(incident.id)
        page = [page, commit.transition.earliestPage].compactMap(\.self).min()
        escalation = [escalation, incident.nextEscalationAt].compactMap(\.self).min()
    }
    if let page { bulletin.tell(.pages(dueAt: page)) }
    if let escalation { bulletin.tell(.escalation(dueAt: escalation)) }
    if !changed.isEmpty { bulletin.tell(.incidents(changed)) }
}
