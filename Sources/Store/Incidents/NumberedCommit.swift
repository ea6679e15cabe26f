internal import Database
internal import Domain

/// A change whose incident has its number and its new version.
struct NumberedCommit {
    let commit: Commit
    let after: Incident

    /// The incident's own row. It affects one row, or none when somebody else was first.
    func statement() throws(DatabaseError) -> SQL {
        guard let before = commit.before else { return try insertion() }
        let state = try jsonText(after.state)
        let links = try jsonText(after.links)
        let labels = try jsonText(after.labels)
        let alerts: SQL = before.alerts == after.alerts ? "alerts" : "\(try jsonText(after.alerts))"
        let policy: SQL = before.policy == after.policy ? "policy" : "\(try jsonText(after.policy))"
        return """
            UPDATE incidents SET version = \(after.version), title = \(after.title), body = \(after.text),
              severity = \(after.severity), urgency = \(after.urgency), state = \(after.state.name),
              state_detail = \(state), links = \(links), labels = \(labels), policy = \(policy), cycle = \(after.cycle),
              alerts = \(alerts), before_resolution = \(try optionalJSONText(after.beforeResolution)),
              alert_count = \(after.alertCount), starts_at = \(after.startsAt), last_alert_at = \(after.lastAlertAt),
              updated_at = \(after.updatedAt), auto_resolves_at = \(after.autoResolvesAt),
              next_escalation_at = \(after.nextEscalationAt), resolved_at = \(resolvedAt),
              first_acknowledged_at = COALESCE(first_acknowledged_at, \(acknowledgedAt))
            WHERE id = \(after.id) AND version = \(before.version)
            """
    }

    private func insertion() throws(DatabaseError) -> SQL {
        """
        INSERT INTO incidents (id, number, version, source_id, team_id, dedup_key, title, body, severity, urgency,
          state, state_detail, links, labels, policy, cycle, alert_count, opened_at, starts_at, last_alert_at,
          updated_at, auto_resolves_at, next_escalation_at, first_acknowledged_at, resolved_at, alerts)
        VALUES (\(after.id), \(after.number), \(after.version), \(after.sourceID), \(after.teamID), \(after.dedupKey),
          \(after.title), \(after.text), \(after.severity), \(after.urgency), \(after.state.name),
          \(try jsonText(after.state)), \(try jsonText(after.links)), \(try jsonText(after.labels)),
          \(try jsonText(after.policy)), \(after.cycle), \(after.alertCount), \(after.openedAt), \(after.startsAt),
          \(after.lastAlertAt), \(after.updatedAt), \(after.autoResolvesAt), \(after.nextEscalationAt),
          \(acknowledgedAt), \(resolvedAt), \(try jsonText(after.alerts)))
        ON CONFLICT DO NOTHING
        """
    }

    private var acknowledgedAt: Timestamp? {
        if case .acknowledged(_, let at, _, _) = after.state { at } else { nil }
    }

    private var resolvedAt: Timestamp? {
        if case .resolved(_, let at) = after.state { at } else { nil }
    }

    /// Timeline, changes of pages that have not left, and new pages, in this order.
    func details(at now: Timestamp, identifiers: Identifiers) throws(DatabaseError) -> [SQL] {
        let transition = commit.transition
        var statements: [SQL] = []
        for entry in transition.entries {
            statements.append(try entry.insertion(incident: after.id, id: identifiers.next()))
        }
        statements += transition.pageChanges.flatMap { $0.statements(incident: after.id, at: now) }
        for draft in transition.pages {
            let id: PageID = identifiers.next()
            statements.append(
                """
                INSERT INTO pages (id, purpose, incident_id, team_id, user_id, contact_method_id, channel, address,
                  urgency, cycle, step, rule, state, queued_at, due_at, attempts)
                VALUES (\(id), 'incident', \(after.id), \(after.teamID), \(draft.userID), \(draft.contactMethodID),
                  \(draft.channel), \(draft.address), \(draft.urgency), \(draft.cycle), \(draft.step), \(draft.rule),
                  'queued', \(now), \(draft.dueAt), 0)
                ON CONFLICT DO NOTHING
                """)
        }
        return statements
    }
}

extension TimelineEntry {
    func insertion(incident: IncidentID, id: ID<TimelineEntry>) throws(DatabaseError) -> SQL {
        """
        INSERT INTO timeline (id, incident_id, at, author, event)
        VALUES (\(id), \(incident), \(at), \(try jsonText(author)), \(try jsonText(event)))
        """
    }
}
