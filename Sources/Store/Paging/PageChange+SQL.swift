internal import Database
internal import Domain

extension PageChange {
    /// Returns the change as SQL. Queued pages change at once. Claimed pages cannot be taken back, but are marked so
    /// that they do not return to the queue.
    func statements(incident: IncidentID, at now: Timestamp) -> [SQL] {
        switch self {
        case .cancelAll(let reason): [withdrawal("incident_id = \(incident)", reason, now)]
        case .cancel(let ids, let reason): [withdrawal("id IN \(list: ids)", state: knownPageState, reason, now)]
        case .cancelOf(let users, let reason):
            [withdrawal("incident_id = \(incident) AND user_id IN \(list: users)", reason, now)]
        case .postpone(let duration):
            // A page that is already due waits the full delay from now on.
            [
                """
                UPDATE pages SET due_at = CASE WHEN due_at < \(now) THEN \(now) ELSE due_at END + \(duration)
                WHERE incident_id = \(incident) AND state IN ('queued', 'claimed')
                """
            ]
        case .revive(let cycle, let since, let later):
            [
                """
                UPDATE pages SET unwanted = NULL, unwanted_at = NULL,
                  due_at = CASE WHEN state = 'claimed' THEN due_at + \(later) ELSE due_at END
                WHERE incident_id = \(incident) AND cycle = \(cycle) AND \(knownPageState) IN ('claimed', 'cancelled')
                  AND unwanted_at >= \(since)
                """,
                Requeue(
                    pages: """
                        incident_id = \(incident) AND cycle = \(cycle) AND \(knownPageState) = 'cancelled' AND finished_at >= \(since)
                        """,
                    earliest: "due_at + \(later)", fault: "NULL"
                ).statement,
            ]
        case .hasten(let id, let dueAt):
            ["UPDATE pages SET due_at = \(dueAt) WHERE id = \(id) AND \(knownPageState) = 'queued'"]
        }
    }
}

/// Cancels queued pages and marks claimed ones. The first mark stays.
private func withdrawal(_ pages: SQL, state: SQL = "state", _ reason: String, _ now: Timestamp) -> SQL {
    """
    UPDATE pages SET
      state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END,
      fault = CASE WHEN state = 'queued' THEN \(reason) ELSE fault END,
      finished_at = CASE WHEN state = 'queued' THEN \(now) ELSE finished_at END,
      unwanted = CASE WHEN state = 'claimed' THEN \(reason) ELSE unwanted END,
      unwanted_at = CASE WHEN state = 'claimed' THEN \(now) ELSE unwanted_at END
    WHERE \(pages) AND \(state) IN ('queued', 'claimed') AND (state = 'queued' OR unwanted IS NULL)
    """
}
