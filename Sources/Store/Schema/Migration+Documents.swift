internal import Database
internal import Domain

extension Migration {
    /// Rewrites all stored documents in the current version.
    ///
    /// Earlier versions stay readable without it. It gives people who look into the database uniform documents, and
    /// fills columns that used to be read from documents.
    static let rewriteOfDocuments = Migration(
        number: 12, name: "rewrite of documents", work: .batches(DocumentRewrite().next))
}

/// Goes through all tables with documents, in the order of their ids.
struct DocumentRewrite: Sendable {
    /// Rows in one transaction. The limit keeps transactions short.
    var batch = 500

    /// Rewrites the next batch of rows.
    ///
    /// - Returns: whether the rewrite is finished.
    func next(on connection: any Connection) throws(DatabaseError) -> Bool {
        try connection.execute(
            "CREATE TABLE IF NOT EXISTS document_rewrites (table_name TEXT PRIMARY KEY, last_id TEXT NOT NULL)")
        var room = batch
        for (index, table) in RewrittenTable.all.enumerated() {
            let known = try connection.query(
                "SELECT last_id FROM document_rewrites WHERE table_name = \(table.name)"
            ).first
            // A table is started only after the tables before it are finished.
            if index + 1 < RewrittenTable.all.count, try hasBegun(RewrittenTable.all[index + 1], connection) {
                continue
            }
            let last: String = try known?.get("last_id") ?? ""
            let rows = try connection.query(
                """
                SELECT \(raw: (["id"] + table.columns).joined(separator: ", ")) FROM \(raw: table.name)
                WHERE id > \(last) ORDER BY id LIMIT \(room)
                """)
            var statements: [SQL] = []
            for row in rows { statements += try table.statements(row) }
            let end: String = try rows.last?.get("id") ?? last
            statements.append(
                """
                INSERT INTO document_rewrites (table_name, last_id) VALUES (\(table.name), \(end))
                ON CONFLICT (table_name) DO UPDATE SET last_id = excluded.last_id
                """)
            _ = try connection.batch(statements)
            room -= rows.count
            if room == 0 { return false }
        }
        try connection.execute("DROP TABLE document_rewrites")
        return true
    }

    private func hasBegun(_ table: RewrittenTable, _ connection: any Connection) throws(DatabaseError) -> Bool {
        try !connection.query("SELECT last_id FROM document_rewrites WHERE table_name = \(table.name)").isEmpty
    }
}

/// A table whose rows contain documents.
struct RewrittenTable: Sendable {
    var name: String
    /// The columns to read besides the id.
    var columns: [String]
    /// Returns the statements that rewrite a row, if it needs any. An unreadable document stays as it is and is
    /// reported when it is read.
    var statements: @Sendable (Row) throws(DatabaseError) -> [SQL]

    static let all = [
        plain("schedules", ["definition": Schedule.self]),
        plain("escalation_policies", ["definition": EscalationPolicy.self]),
        plain("heartbeats", ["definition": Heartbeat.self]),
        plain("maintenance_windows", ["definition": MaintenanceWindow.self]),
        incidents, plain("timeline", ["author": Author.self, "event": TimelineEntry.Event.self]),
        plain("payloads", ["results": PayloadRecord.Results.self]), audit,
    ]

    private static func plain(
        _ name: String, _ forms: KeyValuePairs<String, any StoredDocument.Type>
    ) -> RewrittenTable {
        let forms = forms.map { ($0.key, $0.value) }
        return RewrittenTable(name: name, columns: forms.map(\.0)) { (row) throws(DatabaseError) in
            try update(name, row, forms).map { [$0] } ?? []
        }
    }

    private static let incidents = RewrittenTable(
        name: "incidents", columns: ["source_id", "state_detail", "before_resolution", "policy", "alerts"]
    ) { (row) throws(DatabaseError) in
        let forms: [(String, any StoredDocument.Type)] = [
            ("state_detail", Incident.State.self), ("before_resolution", Incident.State.self),
            ("policy", EscalationPolicy.self), ("alerts", GroupedAlerts.self),
        ]
        var statements = try update("incidents", row, forms).map { [$0] } ?? []
        let id: IncidentID = try row.get("id")
        guard let state = try? Incident.State(storedText: try row.get("state_detail")) else { return statements }
        switch state {
        case .triggered(.held): statements.append("UPDATE incidents SET is_held = 1 WHERE id = \(id)")
        case .triggered, .acknowledged: break
        case .resolved: return statements
        }
        if let source: SourceID = try row.get("source_id"),
            let alerts = try? GroupedAlerts(storedText: try row.get("alerts"))
        {
            statements += alerts.byKey.keys.sorted().map { key in
                """
                INSERT INTO alert_keys (incident_id, source_id, alert_key) VALUES (\(id), \(source), \(key))
                ON CONFLICT DO NOTHING
                """
            }
        }
        return statements
    }

    private static let audit = RewrittenTable(
        name: "audit", columns: ["author", "subject_kind", "before", "after"]
    ) { (row) throws(DatabaseError) in
        let form = try row.get("subject_kind", as: ConfigurationSubject.Kind.self).form
        let forms: [(String, any StoredDocument.Type)] = [("author", Author.self), ("before", form), ("after", form)]
        var statements = try update("audit", row, forms).map { [$0] } ?? []
        let id: AuditRecordID = try row.get("id")
        if let author = try? Author(storedText: try row.get("author")), let user = author.userID {
            statements.append("UPDATE audit SET author_user_id = \(user) WHERE id = \(id)")
        }
        return statements
    }

    /// Nil when all documents of a row have the current version. The update skips a row that was changed since it was
    /// read.
    private static func update(
        _ table: String, _ row: Row, _ forms: [(String, any StoredDocument.Type)]
    ) throws(DatabaseError) -> SQL? {
        let id: String = try row.get("id")
        var (assignments, condition): (SQL?, SQL) = (nil, "id = \(id)")
        for (column, form) in forms {
            guard let old: String = try row.get(column), let new = try? form.current(old), new != old else { continue }
            assignments = assignments.map { "\($0), \(raw: column) = \(new)" } ?? "\(raw: column) = \(new)"
            condition = "\(condition) AND \(raw: column) = \(old)"
        }
        return assignments.map { "UPDATE \(raw: table) SET \($0) WHERE \(condition)" }
    }
}
