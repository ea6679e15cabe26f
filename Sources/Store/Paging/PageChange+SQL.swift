internal import Database
internal import Domain

extension PageChange {
    /// Returns the change as SQL. Queued pages change at once. Claimed pages cannot be taken back, but are marked so
    /// that they do not return to the queue.
    func statements(incident: IncidentID, at now: Timestamp) -> [SQL] {
        switch self {
        case .cancelAll(let reason): [cancellation(of: [incident], reason, at: now)]
        case .cancel(let ids, let reason): [withdrawal("id IN \(list: ids)", state: knownPageState, reason, now)]
        case .cancelOf(let users, let reason):
            [withdrawal("incident_id = \(incident) AND user_id IN \(list: users)", reason, now)]
        case .takeBack(let cycle, let reason):
            // Each incident's version is used once, so no two turns that were taken back share a number.
            [
                withdrawal("incident_id = \(incident) AND cycle > \(cycle)", reason, now),
                """
                UPDATE pages SET cycle = cycle - 1000 * (SELECT version FROM incidents WHERE id = \(incident))
                WHERE incident_id = \(incident) AND cycle > \(cycle)
                """,
            ]
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
        case .tell(let users, let text, let at): [notices(of: incident, to: users, text, due: at, now)]
        case .tellNothing:
            [
                """
                UPDATE pages SET state = 'cancelled', finished_at = \(now), fault = 'the incident has changed since'
                WHERE purpose = 'notice' AND state = 'queued' AND rule = \(noticeRule(incident))
                """
            ]
        case .hasten(let id, let dueAt):
            ["UPDATE pages SET due_at = \(dueAt) WHERE id = \(id) AND \(knownPageState) = 'queued'"]
        }
    }
}

/// Cancels what is left of the pages of incidents.
func cancellation(of incidents: [IncidentID], _ reason: String, at now: Timestamp) -> SQL {
    withdrawal("incident_id IN \(list: incidents)", reason, now)
}

private func noticeRule(_ incident: IncidentID) -> String { "stand-down:\(incident)" }

/// Queues a quiet notice for each of these people whom the incident has paged, over the contact method that a provider
/// took last. Nobody is called.
///
/// The id consists of the incident's, the time and the contact method's, so it needs no generator.
private func notices(
    of incident: IncidentID, to users: [UserID], _ text: String, due: Timestamp, _ now: Timestamp
) -> SQL {
    """
    INSERT INTO pages (id, purpose, user_id, contact_method_id, channel, address, urgency, cycle, step, rule, body,
      state, queued_at, due_at, attempts)
    SELECT CAST(\("\(incident)-\(now.microseconds)-") AS TEXT) || reached.contact_method_id, 'notice', reached.user_id,
      reached.contact_method_id, reached.channel, reached.address, 'low', 1, 0, CAST(\(noticeRule(incident)) AS TEXT),
      CAST(\(text) AS TEXT), 'queued', CAST(\(now) AS BIGINT), CAST(\(due) AS BIGINT), 0
    FROM pages AS reached
    WHERE reached.incident_id = \(incident) AND reached.user_id IN \(list: users) AND reached.id = (
      SELECT latest.id FROM pages AS latest
      WHERE latest.incident_id = \(incident) AND latest.user_id = reached.user_id
        AND latest.state IN ('sent', 'delivered') AND latest.channel <> 'voice'
      ORDER BY latest.claimed_at DESC, latest.id DESC LIMIT 1)
    ON CONFLICT DO NOTHING
    """
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
