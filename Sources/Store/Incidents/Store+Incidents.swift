package import Database
package import Domain

extension Store {
    /// Returns the number of the newest incident, or 0 when there is none.
    package func lastIncidentNumber() async throws(DatabaseError) -> Int {
        try await database.read(.commit) { (connection) throws(DatabaseError) in
            try connection.query("SELECT value FROM counters WHERE name = 'incident'").first?.get("value") ?? 0
        }
    }

    package func incident(_ id: IncidentID) async throws(DatabaseError) -> Incident? {
        try await database.read(.commit) { (connection) throws(DatabaseError) in
            try connection.query("SELECT \(incidentColumns.all) FROM incidents WHERE id = \(id)")
                .first.map(decodeIncident)
        }
    }

    /// Returns an incident's version, or nil when it does not exist.
    package func incidentVersion(_ id: IncidentID) async throws(DatabaseError) -> Int? {
        try await database.read(.commit) { (connection) throws(DatabaseError) in
            try connection.query("SELECT version FROM incidents WHERE id = \(id)").first?.get("version")
        }
    }

    /// Returns the incidents that exist, ordered by number.
    package func incidents(_ ids: [IncidentID]) async throws(DatabaseError) -> [Incident] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT \(incidentColumns.all) FROM incidents WHERE id IN \(list: ids) ORDER BY number"
            ).map(decodeIncident)
        }
    }

    package func incident(number: Int) async throws(DatabaseError) -> Incident? {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query("SELECT \(incidentColumns.all) FROM incidents WHERE number = \(number)")
                .first.map(decodeIncident)
        }
    }

    /// Returns the open incident for a key, or else the newest one resolved at or after an instant.
    package func incident(
        source: SourceID?, team: TeamID, key: DedupKey, resolvedSince: Timestamp?
    ) async throws(DatabaseError) -> Incident? {
        try await database.read(.commit) { (connection) throws(DatabaseError) in
            let open = try connection.query(
                """
                SELECT \(incidentColumns.all) FROM incidents
                WHERE source_id = \(source) AND team_id = \(team) AND dedup_key = \(key) AND state <> 'resolved'
                """
            ).first
            if let open { return try decodeIncident(open) }
            guard let resolvedSince else { return nil }
            let newest = try connection.query(
                """
                SELECT \(incidentColumns.all) FROM incidents
                WHERE source_id = \(source) AND team_id = \(team) AND dedup_key = \(key)
                ORDER BY number DESC LIMIT 1
                """
            ).first.map(decodeIncident)
            guard let newest, case .resolved(_, let at) = newest.state, at >= resolvedSince else { return nil }
            return newest
        }
    }

    /// Returns a source's open incident that contains an alert of a group.
    package func incident(holding key: DedupKey, of source: SourceID) async throws(DatabaseError) -> Incident? {
        try await database.read(.commit) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(incidentColumns.of("incidents")) FROM alert_keys JOIN incidents ON incidents.id = alert_keys.incident_id
                WHERE alert_keys.source_id = \(source) AND alert_keys.alert_key = \(key) AND incidents.state <> 'resolved'
                ORDER BY incidents.number DESC LIMIT 1
                """
            ).first.map(decodeIncident)
        }
    }

    /// Returns the keys that have an open incident, or one resolved at or after an instant.
    package func knownKeys(
        _ keys: [DedupKey], source: SourceID, team: TeamID, resolvedSince: Timestamp?
    ) async throws(DatabaseError) -> Set<DedupKey> {
        let resolved: SQL = resolvedSince.map { "OR resolved_at >= \($0)" } ?? ""
        return try await database.read(.commit) { (connection) throws(DatabaseError) in
            var known: Set<DedupKey> = []
            for start in stride(from: 0, to: keys.count, by: 500) {
                let some = Array(keys[start..<min(start + 500, keys.count)])
                let rows = try connection.query(
                    """
                    SELECT dedup_key FROM incidents WHERE source_id = \(source) AND team_id = \(team)
                      AND dedup_key IN \(list: some) AND (state <> 'resolved' \(resolved))
                    """)
                for row in rows { known.insert(try row.get("dedup_key")) }
            }
            return known
        }
    }

    /// Returns open incidents that are due, the longest overdue first.
    package func dueIncidents(at now: Timestamp, limit: Int) async throws(DatabaseError) -> [IncidentID] {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT id FROM incidents WHERE next_escalation_at IS NOT NULL AND next_escalation_at <= \(now)
                ORDER BY next_escalation_at LIMIT \(limit)
                """
            ).map { (row) throws(DatabaseError) in try row.get("id") }
        }
    }

    /// Returns when the next incident is due, or nil when none is.
    package func nextEscalation() async throws(DatabaseError) -> Timestamp? {
        try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query(
                "SELECT MIN(next_escalation_at) AS due FROM incidents WHERE next_escalation_at IS NOT NULL"
            ).first?.get("due")
        }
    }

    /// Returns an incident's timeline in order, limited to the newest entries.
    package func timeline(of id: IncidentID, limit: Int = 1000) async throws(DatabaseError) -> [TimelineEntry] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT id, at, author, event FROM timeline WHERE incident_id = \(id)
                ORDER BY version DESC, at DESC, id DESC LIMIT \(limit)
                """
            ).reversed().map { (row) throws(DatabaseError) in
                TimelineEntry(
                    at: try row.get("at"), author: try row.document("author", of: "timeline"),
                    event: try row.document("event", of: "timeline"))
            }
        }
    }

    /// Whether a person reopened an incident after a version of it.
    package func wasReopened(_ id: IncidentID, after version: Int) async throws(DatabaseError) -> Bool {
        try await database.read { (connection) throws(DatabaseError) in
            let rows = try connection.query(
                "SELECT id, event FROM timeline WHERE incident_id = \(id) AND version > \(version)")
            for row in rows {
                let event: TimelineEntry.Event = try row.document("event", of: "timeline")
                if event == .reopened { return true }
            }
            return false
        }
    }
}

/// The columns that `decodeIncident` reads.
let incidentColumns: ColumnList = [
    "id", "number", "version", "source_id", "team_id", "dedup_key", "title", "body", "severity", "links", "labels",
    "policy", "state_detail", "cycle", "alert_count", "opened_at", "starts_at", "last_alert_at", "updated_at",
    "auto_resolves_at", "alerts", "before_resolution", "latest_deed",
]

func decodeIncident(_ row: Row) throws(DatabaseError) -> Incident {
    var incident = Incident(
        id: try row.get("id"), number: try row.get("number"), version: try row.get("version"),
        sourceID: try row.get("source_id"), teamID: try row.get("team_id"), dedupKey: try row.get("dedup_key"),
        title: try row.get("title"), text: try row.get("body"), severity: try row.get("severity"),
        links: try row.stored("links", of: "incidents"), labels: try row.stored("labels", of: "incidents"),
        policy: try row.document("policy", of: "incidents"), state: try row.document("state_detail", of: "incidents"),
        cycle: try row.get("cycle"), alertCount: try row.get("alert_count"),
        openedAt: try row.get("opened_at"), startsAt: try row.get("starts_at"),
        lastAlertAt: try row.get("last_alert_at"), updatedAt: try row.get("updated_at"),
        autoResolvesAt: try row.get("auto_resolves_at"))
    let alerts: GroupedAlerts = try row.document("alerts", of: "incidents")
    incident.alerts = alerts.byKey
    incident.beforeResolution = try row.optionalDocument("before_resolution", of: "incidents")
    incident.latestDeed = try row.optionalDocument("latest_deed", of: "incidents")
    return incident
}
