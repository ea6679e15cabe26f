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
            for kind in newKinds(changes, before) { try giveNumbers(kind, on: connection) }
            for record in records ?? [] { try connection.execute(auditInsertion(of: record)) }
            try notify(.configuration(version: version), on: connection)
            return try owe(followUps, at: now, on: connection)
        }
    }
}

/// The kinds of which the changes create something.
private func newKinds(_ changes: [ConfigurationChange], _ before: Configuration?) -> Set<ConfigurationSubject.Kind> {
    Set(
        changes.compactMap { change in
            guard case .save(let value) = change, before?[value.subject] == nil else { return nil }
            return value.subject.kind
        })
}

private func statements(for change: ConfigurationChange, at now: Timestamp) throws(DatabaseError) -> [SQL] {
    switch change {
    case .save(let value):
        guard let row = value as? any ConfigurationRow else {
            throw .invalidValue("a value of the kind \(value.subject.kind) has no table")
        }
        let isLeaving = (value as? User).map { !$0.isEnabled } ?? false
        return [row.saving(at: now)] + (isLeaving ? revocation(ofAllOf: UserID(value.subject.id)) : [])
    case .delete(let subject):
        let isUser = subject.kind == .user
        let posts: [SQL] =
            subject.kind == .teamChannel ? ["DELETE FROM posts WHERE channel_id = \(subject.id)"] : []
        return (isUser ? revocation(ofAllOf: UserID(subject.id)) : []) + posts + [deletion(of: subject)]
    case .setPassword(let id, let hash):
        return ["UPDATE users SET password_hash = \(hash) WHERE id = \(id)"]
            + (hash == nil ? [] : [closedSetUp(at: now)])
    case .revokeAll(let id): return revocation(ofAllOf: id)
    case .saveRules(let user, let rules): return saveRules(rules, of: user)
    }
}

/// What belongs to a row goes with it by the tables' foreign keys. What only refers to it is part of the changes.
private func deletion(of subject: ConfigurationSubject) -> SQL {
    guard let table = subject.kind.row?.table else {
        return "DELETE FROM notification_rules WHERE user_id = \(subject.id)"
    }
    return "DELETE FROM \(raw: table) WHERE id = \(subject.id)"
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
