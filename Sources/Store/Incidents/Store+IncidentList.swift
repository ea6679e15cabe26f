package import Database
package import Domain

/// Selects incidents. Every condition narrows the selection, and a nil or empty field selects all.
package struct IncidentFilter: Sendable, Hashable {
    package var states: Set<Incident.State.Name> = []
    package var teams: [TeamID] = []
    package var severities: Set<Severity> = []
    package var source: SourceID?
    /// Words that must occur in the title, text, labels, notes or number.
    package var text: String?
    package var since: Timestamp?
    package var until: Timestamp?
    /// Only incidents with a lower number, which is the last of the previous page.
    package var before: Int?
    /// At most `Limits.list`.
    package var limit = 50

    package var order = Order.newest
    /// How many to leave out at the beginning of the `urgent` order.
    package var skip = 0

    package init() {}

    package enum Order: Sendable, Hashable {
        case newest
        /// Those that nobody has acknowledged first, then the most severe, then the newest.
        case urgent
    }

    package enum Limits { package static let list = 200 }
}

extension Store {
    /// Returns incidents in the filter's order. To get more than the limit, ask again with `before`.
    package func incidents(_ filter: IncidentFilter) async throws(DatabaseError) -> [Incident] {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT \(incidentColumns.all) FROM incidents WHERE \(conditions(filter))
                ORDER BY \(order(filter)) LIMIT \(min(max(filter.limit, 1), IncidentFilter.Limits.list))
                OFFSET \(max(filter.skip, 0))
                """
            ).map(decodeIncident)
        }
    }
}

private func order(_ filter: IncidentFilter) -> SQL {
    switch filter.order {
    case .newest: "number DESC"
    case .urgent:
        """
        CASE state WHEN 'triggered' THEN 0 ELSE 1 END,
        CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, number DESC
        """
    }
}

/// The condition of a filter.
func conditions(_ filter: IncidentFilter) -> SQL {
    var all: SQL = "1 = 1"
    if filter.states == [.triggered, .acknowledged] {
        // This exact condition lets the database use the index of open incidents.
        all = "\(all) AND state <> 'resolved'"
    } else if !filter.states.isEmpty {
        all = "\(all) AND state IN \(list: Array(filter.states))"
    }
    if !filter.teams.isEmpty { all = "\(all) AND team_id IN \(list: filter.teams)" }
    if !filter.severities.isEmpty { all = "\(all) AND severity IN \(list: Array(filter.severities))" }
    if let source = filter.source { all = "\(all) AND source_id = \(source)" }
    if let since = filter.since { all = "\(all) AND opened_at >= \(since)" }
    if let until = filter.until { all = "\(all) AND opened_at < \(until)" }
    if let before = filter.before { all = "\(all) AND number < \(before)" }
    if let text = filter.text?.trimmingBlanks(), !text.isEmpty {
        let pattern = "%" + escapedForLike(text.lowercased()) + "%"
        let number = Int(text.hasPrefix("#") ? String(text.dropFirst()) : text) ?? -1
        all = """
            \(all) AND (LOWER(title) LIKE \(pattern) ESCAPE '\\' OR LOWER(body) LIKE \(pattern) ESCAPE '\\'
              OR LOWER(labels) LIKE \(pattern) ESCAPE '\\'
              OR EXISTS (SELECT 1 FROM timeline WHERE timeline.incident_id = incidents.id
                AND timeline.event LIKE '%"noted"%' AND LOWER(timeline.event) LIKE \(pattern) ESCAPE '\\')
              OR number = \(number))
            """
    }
    return all
}

/// Escapes the wildcards in a LIKE pattern.
func escapedForLike(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
}
