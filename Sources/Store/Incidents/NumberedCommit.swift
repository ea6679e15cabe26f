internal import Database
internal import Domain

/// A commit whose incident has its number and new version.
struct NumberedCommit {
    let commit: Commit
    let after: Incident

    /// Returns the statement for the incident's own row. It affects one row, or none if another writer was first.
    func statement() -> SQL {
        guard let before = commit.before else { return insertion() }
        let alerts: SQL = before.alerts == after.alerts ? "alerts" : "\(GroupedAlerts(after.alerts).storedText)"
        let policy: SQL = before.policy == after.policy ? "policy" : "\(after.policy.storedText)"
        return """
            UPDATE incidents SET version = \(after.version), title = \(after.title), body = \(after.text),
              severity = \(after.severity), urgency = \(after.urgency), state = \(after.state.name),
              state_detail = \(after.state.storedText), is_held = \(after.isHeld), links = \(storedText(after.links)),
              labels = \(storedText(after.labels)), policy = \(policy), cycle = \(after.cycle),
              alerts = \(alerts), before_resolution = \(after.beforeResolution?.storedText),
              latest_deed = \(after.latestDeed?.storedText),
              alert_count = \(after.alertCount), starts_at = \(after.startsAt), last_alert_at = \(after.lastAlertAt),
              updated_at = \(after.updatedAt), auto_resolves_at = \(after.autoResolvesAt),
              next_escalation_at = \(after.nextEscalationAt), resolved_at = \(resolvedAt),
              first_acknowledged_at = COALESCE(first_acknowledged_at, \(acknowledgedAt))
            WHERE id = \(after.id) AND version = \(before.version)
            """
    }

    private func insertion() -> SQL {
        """
        INSERT INTO incidents (id, number, version, source_id, team_id, dedup_key, title, body, severity, urgency,
          state, state_detail, is_held, links, labels, policy, cycle, alert_count, opened_at, starts_at, last_alert_at,
          updated_at, auto_resolves_at, next_escalation_at, first_acknowledged_at, resolved_at, alerts)
        VALUES (\(after.id), \(after.number), \(after.version), \(after.sourceID), \(after.teamID), \(after.dedupKey),
          \(after.title), \(after.text), \(after.severity), \(after.urgency), \(after.state.name),
          \(after.state.storedText), \(after.isHeld), \(storedText(after.links)), \(storedText(after.labels)),
          \(after.policy.storedText), \(after.cycle), \(after.alertCount), \(after.openedAt), \(after.startsAt),
          \(after.lastAlertAt), \(after.updatedAt), \(after.autoResolvesAt), \(after.nextEscalationAt),
          \(acknowledgedAt), \(resolvedAt), \(GroupedAlerts(after.alerts).storedText))
        ON CONFLICT DO NOTHING
        """
    }

    private var acknowledgedAt: Timestamp? {
        if case .acknowledged(_, let at, _, _) = after.state { at } else { nil }
    }

    private var resolvedAt: Timestamp? {
        if case .resolved(_, let at) = after.state { at } else { nil }
    }

    /// Returns the statements for the rest, in this order: timeline, keys of grouped alerts, changes to pages that have
    /// not left, new pages, posts, follow-ups that are done.
    func details(at now: Timestamp, identifiers: Identifiers) -> [SQL] {
        let transition = commit.transition
        var statements: [SQL] = []
        for entry in transition.entries {
            statements.append(entry.insertion(incident: after.id, id: identifiers.next()))
        }
        statements += alertKeys
        // A new incident has no pages that could change.
        if commit.before != nil {
            statements += transition.pageChanges.flatMap { $0.statements(incident: after.id, at: now) }
        }
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
        statements += transition.posts.statements(incident: after.id, isNew: commit.before == nil, at: now)
        if !commit.followUps.isEmpty { statements.append(settlement(of: commit.followUps)) }
        return statements
    }
}

extension NumberedCommit {
    /// Updates the keys that find the alerts of an open incident.
    private var alertKeys: [SQL] {
        let (known, wanted) = (commit.before?.openAlertKeys ?? [], after.openAlertKeys)
        guard let source = after.sourceID, known != wanted else { return [] }
        if wanted.isEmpty { return ["DELETE FROM alert_keys WHERE incident_id = \(after.id)"] }
        let gone = known.subtracting(wanted).sorted()
        let deletion: [SQL] =
            gone.isEmpty
            ? [] : ["DELETE FROM alert_keys WHERE incident_id = \(after.id) AND alert_key IN \(list: gone)"]
        return deletion
            + wanted.subtracting(known).sorted().map { alertKeyInsertion($0, of: after.id, source: source) }
    }
}

extension Incident {
    /// The keys of its alerts. While the incident is open, a recovery finds it by them.
    var openAlertKeys: Set<String> { isOpen ? Set(alerts.keys) : [] }
}

func alertKeyInsertion(_ key: String, of incident: IncidentID, source: SourceID) -> SQL {
    """
    INSERT INTO alert_keys (incident_id, source_id, alert_key) VALUES (\(incident), \(source), \(key))
    ON CONFLICT DO NOTHING
    """
}

extension TimelineEntry {
    /// Entries are ordered by the incident's version first, because the clocks of two processes may differ.
    func insertion(incident: IncidentID, id: ID<TimelineEntry>) -> SQL {
        """
        INSERT INTO timeline (id, incident_id, version, at, author, event)
        VALUES (\(id), \(incident), COALESCE((SELECT version FROM incidents WHERE id = \(incident)), 0), \(at),
          \(author.storedText), \(event.storedText))
        """
    }
}
