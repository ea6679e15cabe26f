package import Database
package import Domain

extension Store {
    /// Makes all of these changes or none, with an audit record for each thing that is touched, and tells the other
    /// processes.
    ///
    /// - Parameters:
    ///   - before: the roster that the changes were decided on. Nothing happens when the configuration has changed
    ///     since. Nil skips this check and the audit: for a database that nobody works with yet.
    ///   - author: whoever makes the changes.
    /// - Returns: the new version of the configuration; nil when `before` is out of date.
    @discardableResult
    package func change(
        _ changes: [ConfigurationChange], on before: Configuration? = nil, by author: Author = .system,
        at now: Timestamp
    ) async throws(DatabaseError) -> Int64? {
        let records = try before.map { (configuration) throws(DatabaseError) in
            try auditRecords(of: changes, on: configuration, by: author, at: now)
        }
        return try await database.write { (connection) throws(DatabaseError) in
            let condition: SQL = before.map { "version = \($0.version)" } ?? "1 = 1"
            let counted = try connection.query(
                "UPDATE configuration SET version = version + 1 WHERE id = 1 AND \(condition) RETURNING version")
            guard let version: Int64 = try counted.first?.get("version") else { return nil }
            for change in changes {
                for statement in try statements(for: change, at: now) { try connection.execute(statement) }
            }
            for record in records ?? [] { try connection.execute(auditInsertion(of: record)) }
            try notify(.configuration(version: version), on: connection)
            return version
        }
    }
}

private func statements(for change: ConfigurationChange, at now: Timestamp) throws(DatabaseError) -> [SQL] {
    switch change {
    case .saveTeam(let team): saveTeam(team, now)
    case .deleteTeam(let id): ["DELETE FROM teams WHERE id = \(id)"]
    case .saveUser(let user): [saveUser(user, now)]
    case .setPassword(let id, let hash): ["UPDATE users SET password_hash = \(hash) WHERE id = \(id)"]
    case .deleteUser(let id): ["DELETE FROM users WHERE id = \(id)"]
    case .saveContactMethod(let method): [saveContactMethod(method, now)]
    case .deleteContactMethod(let id): ["DELETE FROM contact_methods WHERE id = \(id)"]
    case .saveRules(let user, let rules): saveRules(rules, of: user)
    case .saveSchedule(let schedule):
        [saveDefinition("schedules", schedule.id.rawValue, schedule.teamID, schedule.name, try jsonText(schedule), now)]
    case .deleteSchedule(let id): ["DELETE FROM schedules WHERE id = \(id)"]
    case .savePolicy(let policy):
        [
            saveDefinition(
                "escalation_policies", policy.id.rawValue, policy.teamID, policy.name, try jsonText(policy), now)
        ]
    case .deletePolicy(let id):
        [
            "UPDATE teams SET default_policy_id = NULL WHERE default_policy_id = \(id)",
            "UPDATE alert_sources SET policy_id = NULL WHERE policy_id = \(id)",
            "DELETE FROM escalation_policies WHERE id = \(id)",
        ]
    case .saveSource(let source): [saveSource(source, now)]
    case .deleteSource(let id): ["DELETE FROM alert_sources WHERE id = \(id)"]
    case .saveHeartbeat(let heartbeat): [try saveHeartbeat(heartbeat, now)]
    case .deleteHeartbeat(let id): ["DELETE FROM heartbeats WHERE id = \(id)"]
    case .saveMaintenanceWindow(let window):
        [
            saveDefinition(
                "maintenance_windows", window.id.rawValue, window.teamID, window.name, try jsonText(window), now)
        ]
    case .deleteMaintenanceWindow(let id): ["DELETE FROM maintenance_windows WHERE id = \(id)"]
    }
}

private func saveTeam(_ team: Team, _ now: Timestamp) -> [SQL] {
    var statements: [SQL] = [
        """
        INSERT INTO teams (id, name, default_policy_id, created_at)
        VALUES (\(team.id), \(team.name), \(team.defaultPolicyID), \(now))
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, default_policy_id = excluded.default_policy_id
        """,
        "DELETE FROM memberships WHERE team_id = \(team.id)",
    ]
    for (position, member) in team.memberIDs.enumerated() {
        statements.append(
            "INSERT INTO memberships (team_id, user_id, position) VALUES (\(team.id), \(member), \(position))")
    }
    return statements
}

private func saveUser(_ user: User, _ now: Timestamp) -> SQL {
    """
    INSERT INTO users (id, name, email, role, time_zone, locale, is_enabled, quiet_from, quiet_to, tells_hand_off,
      tells_shift_ahead, created_at)
    VALUES (\(user.id), \(user.name), \(user.email), \(user.role), \(user.timeZone), \(user.locale),
      \(user.isEnabled), \(user.quietHours?.fromMinute), \(user.quietHours?.toMinute), \(user.tellsHandOff),
      \(user.tellsShiftAhead), \(now))
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email, role = excluded.role,
      time_zone = excluded.time_zone, locale = excluded.locale, is_enabled = excluded.is_enabled,
      quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to, tells_hand_off = excluded.tells_hand_off,
      tells_shift_ahead = excluded.tells_shift_ahead
    """
}

private func saveContactMethod(_ method: ContactMethod, _ now: Timestamp) -> SQL {
    """
    INSERT INTO contact_methods (id, user_id, channel, address, label, is_enabled, verified_at, created_at)
    VALUES (\(method.id), \(method.userID), \(method.channel), \(method.address), \(method.label),
      \(method.isEnabled), \(method.verifiedAt), \(now))
    ON CONFLICT (id) DO UPDATE SET channel = excluded.channel, address = excluded.address, label = excluded.label,
      is_enabled = excluded.is_enabled, verified_at = excluded.verified_at
    """
}

private func saveRules(_ rules: [NotificationRule], of user: UserID) -> [SQL] {
    ["DELETE FROM notification_rules WHERE user_id = \(user)"]
        + rules.map { rule in
            """
            INSERT INTO notification_rules (id, user_id, urgency, delay, contact_method_id)
            VALUES (\(rule.id), \(user), \(rule.urgency), \(rule.delay), \(rule.contactMethodID))
            """
        }
}

private func saveDefinition(
    _ table: String, _ id: String, _ team: TeamID, _ name: String, _ definition: String, _ now: Timestamp
) -> SQL {
    """
    INSERT INTO \(raw: table) (id, team_id, name, definition, created_at)
    VALUES (\(id), \(team), \(name), \(definition), \(now))
    ON CONFLICT (id) DO UPDATE SET team_id = excluded.team_id, name = excluded.name, definition = excluded.definition
    """
}

private func saveHeartbeat(_ heartbeat: Heartbeat, _ now: Timestamp) throws(DatabaseError) -> SQL {
    """
    INSERT INTO heartbeats (id, team_id, name, token, definition, created_at)
    VALUES (\(heartbeat.id), \(heartbeat.teamID), \(heartbeat.name), \(heartbeat.token), \(try jsonText(heartbeat)),
      \(now))
    ON CONFLICT (id) DO UPDATE SET team_id = excluded.team_id, name = excluded.name, token = excluded.token,
      definition = excluded.definition
    """
}

private func saveSource(_ source: AlertSource, _ now: Timestamp) -> SQL {
    """
    INSERT INTO alert_sources (id, team_id, name, kind, policy_id, default_severity, is_enabled, reopen_window,
      auto_resolve_after, options, key_hash, key_hint, created_at)
    VALUES (\(source.id), \(source.teamID), \(source.name), \(source.kind), \(source.policyID),
      \(source.defaultSeverity), \(source.isEnabled), \(source.reopenWindow), \(source.autoResolveAfter),
      \(source.options), \(source.keyHash), \(source.keyHint), \(now))
    ON CONFLICT (id) DO UPDATE SET team_id = excluded.team_id, name = excluded.name, kind = excluded.kind,
      policy_id = excluded.policy_id, default_severity = excluded.default_severity,
      is_enabled = excluded.is_enabled, reopen_window = excluded.reopen_window,
      auto_resolve_after = excluded.auto_resolve_after, options = excluded.options, key_hash = excluded.key_hash,
      key_hint = excluded.key_hint
    """
}
