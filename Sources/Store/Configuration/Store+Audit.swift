package import Database
package import Domain

/// Selects audit records. Nil fields select all.
package struct AuditFilter: Sendable, Hashable {
    package var subject: ConfigurationSubject?
    package var kind: ConfigurationSubject.Kind?
    package var action: AuditRecord.Action?
    /// The person who made the change.
    package var author: UserID?
    /// Only records older than this one, which is the last of the previous page.
    package var before: AuditRecordID?
    /// At most 200.
    package var limit = 50

    package init() {}
}

extension Store {
    /// Returns the audit log, newest first.
    package func audit(_ filter: AuditFilter) async throws(DatabaseError) -> [AuditRecord] {
        var conditions: SQL = "1 = 1"
        if let kind = filter.subject?.kind ?? filter.kind { conditions = "\(conditions) AND subject_kind = \(kind)" }
        if let subject = filter.subject { conditions = "\(conditions) AND subject_id = \(subject.id)" }
        if let action = filter.action { conditions = "\(conditions) AND action = \(action)" }
        if let author = filter.author { conditions = "\(conditions) AND author_user_id = \(author)" }
        if let before = filter.before { conditions = "\(conditions) AND id < \(before)" }
        let statement: SQL =
            """
            SELECT id, at, author, action, subject_kind, subject_id, subject_name, before, after, note FROM audit
            WHERE \(conditions) ORDER BY id DESC LIMIT \(min(max(filter.limit, 1), 200))
            """
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.query(statement).map { (row) throws(DatabaseError) in
                let kind: ConfigurationSubject.Kind = try row.get("subject_kind")
                return AuditRecord(
                    id: try row.get("id"), at: try row.get("at"), author: try row.document("author", of: "audit"),
                    action: try row.get("action"), subject: ConfigurationSubject(kind, try row.get("subject_id")),
                    name: try row.get("subject_name"), before: current(try row.get("before"), kind),
                    after: current(try row.get("after"), kind), note: try row.get("note"))
            }
        }
    }

    /// Adds a record about something that is no change of the configuration, such as a sign-in.
    package func note(
        _ text: String, about subject: ConfigurationSubject, named name: String, by author: Author, at now: Timestamp
    ) async throws(DatabaseError) {
        let record = AuditRecord(
            id: identifiers.next(), at: now, author: author, action: .noted, subject: subject, name: name, note: text)
        try await database.write { (connection) throws(DatabaseError) in
            try connection.execute(auditInsertion(of: record))
        }
    }

    /// Returns the records for these changes, with the values before and after, and a note for each schedule whose turns
    /// pass to others because a person is gone.
    func auditRecords(
        of changes: [ConfigurationChange], on before: Configuration, by author: Author, at now: Timestamp
    ) -> [AuditRecord] {
        let after = before.applying(changes)
        var seen: Set<ConfigurationSubject> = []
        var records: [AuditRecord] = []
        for change in changes {
            let subject = change.subject
            if let note = change.note {
                records.append(
                    AuditRecord(
                        id: identifiers.next(), at: now, author: author, action: .noted, subject: subject,
                        name: after.name(of: subject), note: note))
                continue
            }
            guard seen.insert(subject).inserted else { continue }
            let (was, becomes) = (before[subject], after[subject])
            guard was.map({ AnyHashable($0) }) != becomes.map({ AnyHashable($0) }) else { continue }
            let (old, new) = (before.auditText(of: subject), after.auditText(of: subject))
            let action: AuditRecord.Action = old == nil ? .created : new == nil ? .deleted : .updated
            records.append(
                AuditRecord(
                    id: identifiers.next(), at: now, author: author, action: action, subject: subject,
                    name: (new == nil ? before : after).name(of: subject), before: old, after: new))
        }
        return records
            + before.handoverNotes(of: after, at: now).map { schedule, note in
                AuditRecord(
                    id: identifiers.next(), at: now, author: author, action: .noted, subject: schedule.subject,
                    name: schedule.name, note: note)
            }
    }
}

extension ConfigurationChange {
    /// What the audit log says about a change that the value does not show.
    fileprivate var note: String? {
        switch self {
        case .setPassword(_, let hash): hash == nil ? "sign-in was blocked" : "a new password was set"
        case .revokeAll: "all sessions, tokens, calendar links and remembered browsers were revoked"
        case .save, .delete, .saveRules: nil
        }
    }
}

func auditInsertion(of record: AuditRecord) -> SQL {
    """
    INSERT INTO audit (id, at, author, author_user_id, action, subject_kind, subject_id, subject_name, before, after, note)
    VALUES (\(record.id), \(record.at), \(record.author.storedText), \(record.author.userID), \(record.action),
      \(record.subject.kind), \(record.subject.id), \(record.name), \(record.before), \(record.after), \(record.note))
    """
}

/// Returns a stored value in the current form, or unchanged when it cannot be read.
private func current(_ text: String?, _ kind: ConfigurationSubject.Kind) -> String? {
    text.map { (try? kind.form.current($0)) ?? $0 }
}

extension ConfigurationSubject.Kind: SQLRepresentable {}
extension AuditRecord.Action: SQLRepresentable {}
