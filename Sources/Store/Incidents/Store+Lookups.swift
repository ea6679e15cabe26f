package import Database
package import Domain

/// The question which incident the alerts of a dedup key belong to.
package struct IncidentLookup: Sendable, Hashable {
    package var sourceID: SourceID
    package var teamID: TeamID
    package var key: DedupKey
    /// Also accepts the key's newest incident if it was resolved at or after this instant.
    package var resolvedSince: Timestamp?

    package init(sourceID: SourceID, teamID: TeamID, key: DedupKey, resolvedSince: Timestamp?) {
        self.sourceID = sourceID
        self.teamID = teamID
        self.key = key
        self.resolvedSince = resolvedSince
    }
}

extension Store {
    /// Finds the incidents of many keys at once: the open one of each, or else the newest one if it was resolved recently.
    ///
    /// - Returns: an answer to each question, in order. A row that can't be read fails its own question only.
    package func incidents(
        of lookups: [IncidentLookup]
    ) async throws(DatabaseError) -> [Result<Incident?, DatabaseError>] {
        let dialect = database.dialect
        return try await database.read(.commit) { (connection) throws(DatabaseError) in
            var answers = [Result<Incident?, DatabaseError>](repeating: .success(nil), count: lookups.count)
            for (place, incident) in try find(openIncidents, lookups, lookups.indices, connection, dialect) {
                answers[place] = incident.map { Optional($0) }
            }
            let left = lookups.indices.filter { place in
                if case .success(nil) = answers[place] { lookups[place].resolvedSince != nil } else { false }
            }
            for (place, incident) in try find(newestIncidents, lookups, left, connection, dialect) {
                answers[place] = incident.map { $0.isResolved(since: lookups[place].resolvedSince) ? $0 : nil }
            }
            return answers
        }
    }
}

/// Returns what a statement finds, with the places of the questions.
private func find(
    _ statement: RowStatement, _ lookups: [IncidentLookup], _ places: some Sequence<Int>,
    _ connection: any Connection, _ dialect: Dialect
) throws(DatabaseError) -> [(place: Int, incident: Result<Incident, DatabaseError>)] {
    let rows = places.map { place in
        let lookup = lookups[place]
        return [place.sqlValue, lookup.sourceID.sqlValue, lookup.teamID.sqlValue, lookup.key.sqlValue]
    }
    var found: [(place: Int, incident: Result<Incident, DatabaseError>)] = []
    for result in try connection.batch(statement.statements(rows, dialect)) {
        for row in result.rows {
            found.append(
                (
                    place: try row.get("place"),
                    incident: Result { () throws(DatabaseError) in try decodeIncident(row) }
                ))
        }
    }
    return found
}

/// The cross join makes SQLite look up each key, rather than read all incidents.
private func lookup(_ condition: String) -> RowStatement {
    RowStatement(
        "SELECT given.place AS place, \(incidentColumns.of("incidents").text) FROM",
        ["place": .bigint, "source": .text, "team": .text, "key": .text],
        "CROSS JOIN incidents WHERE \(condition)")
}

/// The condition is that of the index `incidents_open`, so that no statistics lead to another one.
private let openIncidents = lookup(
    """
    (CASE WHEN state <> 'resolved' THEN source_id || ' ' || team_id || ' ' || dedup_key END)
      = given.source || ' ' || given.team || ' ' || given.key
    """)

private let newestIncidents = lookup(
    """
    incidents.id = (SELECT latest.id FROM incidents AS latest
      WHERE latest.source_id = given.source AND latest.team_id = given.team AND latest.dedup_key = given.key
      ORDER BY latest.number DESC LIMIT 1)
    """)

extension Incident {
    fileprivate func isResolved(since instant: Timestamp?) -> Bool {
        guard let instant, case .resolved(_, let at) = state else { return false }
        return at >= instant
    }
}
