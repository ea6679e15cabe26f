package import Database
package import Domain

extension Store {
    /// Applies all of these changes or none, adds an audit record for each changed object, and notifies the other
    /// processes.
    ///
    /// - Parameters:
    /// - before: the configuration on which the changes were decided. If it is out of date, nothing changes. Nil skips
    ///   this check, the audit log and the follow-ups, for a database that is not in use yet.
    /// - author: who makes the changes.
    /// - Returns: the follow-ups that were stored with the change, or nil when `before` is out of date.
    @discardableResult
    package func change(
        _ changes: [ConfigurationChange], on before: Configuration? = nil, by author: Author = .system,
        at now: Timestamp
    ) async throws(DatabaseError) -> [FollowUp]? {
        let records = before.map { configuration in
            auditRecords(of: changes, on: configuration, by: author, at: now)
        }
        let followUps = before.map { $0.followUps(of: $0.applying(changes)) } ?? []
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
            return try owe(followUps, at: now, on: connection)
        }
    }
}

private func statements(for change: ConfigurationChange, at now: Timestamp) throws(DatabaseError) -> [SQL] {
    switch change {
    case .save(let value):
        guard let row = value as? any ConfigurationRow else {
            throw .invalidValue("a value of the kind \(value.subject.kind) has no table")
        }
        return row.saving(at: now)
    case .delete(let subject): return deletion(of: subject)
    case .setPassword(let id, let hash): return ["UPDATE users SET password_hash = \(hash) WHERE id = \(id)"]
    case .saveRules(let user, let rules): return saveRules(rules, of: user)
    }
}

/// Foreign keys clear or delete all references to a row, except those to a policy.
private func deletion(of subject: ConfigurationSubject) -> [SQL] {
    let id = subject.id
    let (table, key): (SQL, SQL) =
        switch subject.kind {
        case .team: ("teams", "id")
        case .user: ("users", "id")
        case .contactMethod: ("contact_methods", "id")
        case .notificationRules: ("notification_rules", "user_id")
        case .schedule: ("schedules", "id")
        case .escalationPolicy: ("escalation_policies", "id")
        case .alertSource: ("alert_sources", "id")
        case .heartbeat: ("heartbeats", "id")
        case .maintenanceWindow: ("maintenance_windows", "id")
        }
    let references: [SQL] =
        subject.kind == .escalationPolicy
        ? [
            "UPDATE teams SET default_policy_id = NULL WHERE default_policy_id = \(id)",
            "UPDATE alert_sources SET policy_id = NULL WHERE policy_id = \(id)",
        ] : []
    return references + ["DELETE FROM \(table) WHERE \(key) = \(id)"]
}

/// A configured object with a table of its own.
protocol ConfigurationRow: Configurable {
    /// Returns the statements that insert the row or replace it.
    func saving(at now: Timestamp) -> [SQL]
}

extension Team: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] { saveTeam(self, now) }
}

extension User: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] { [saveUser(self, now)] }
}

extension ContactMethod: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] { [saveContactMethod(self, now)] }
}

extension AlertSource: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] { [saveSource(self, now)] }
}

extension Heartbeat: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] { [saveHeartbeat(self, now)] }
}

extension Schedule: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] {
        [saveDefinition("schedules", id.rawValue, teamID, name, storedText, now)]
    }
}

extension EscalationPolicy: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] {
        [saveDefinition("escalation_policies", id.rawValue, teamID, name, storedText, now)]
    }
}

extension MaintenanceWindow: ConfigurationRow {
    func saving(at now: Timestamp) -> [SQL] {
        [saveDefinition("maintenance_windows", id.rawValue, teamID, name, storedText, now)]
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

private func saveHeartbeat(_ heartbeat: Heartbeat, _ now: Timestamp) -> SQL {
    """
    INSERT INTO heartbeats (id, team_id, name, token, definition, created_at)
    VALUES (\(heartbeat.id), \(heartbeat.teamID), \(heartbeat.name), \(heartbeat.token), \(heartbeat.storedText),
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
