package import Database
package import Domain

/// Selects incidents. Every condition narrows the selection, and a nil or empty field selects all.
package struct IncidentFilter: Sendable, Hashable {
    package var states: Set<Incident.State.Name> = []
    package var teams: [TeamID] = []
    package var severities: Set<Severity> = []
    package var source: SourceID?
    /// What must occur in the title, in the text, in a label or in a note, or the number. Nil or blanks select all.
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
        let dialect = database.dialect
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            guard let search = try IncidentSearch(filter, connection, dialect) else {
                return try list(filter, connection)
            }
            return try incidents(search.list().map(\.number), connection)
        }
    }

    /// Returns incidents like `incidents(_:)`, and counts those that pass the filter in each state.
    package func incidentPage(_ filter: IncidentFilter) async throws(DatabaseError) -> IncidentPage {
        let dialect = database.dialect
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            guard let search = try IncidentSearch(filter, connection, dialect) else {
                return IncidentPage(
                    incidents: try list(filter, connection),
                    counts: try boundedCounts(filter, connection))
            }
            let (matches, counts) = try search.page()
            return IncidentPage(
                incidents: try incidents(matches.map(\.number), connection), counts: counts,
                isOfAll: try search.reachesAll())
        }
    }

    private func list(_ filter: IncidentFilter, _ connection: any Connection) throws(DatabaseError) -> [Incident] {
        if let ranges = IncidentRanges(filter) {
            return try incidents(ranges.numbers(filter, connection), connection)
        }
        return try connection.query(
            """
            SELECT \(incidentColumns.all) FROM incidents WHERE \(conditions(filter))
            ORDER BY \(filter.order.sql) LIMIT \(filter.boundedLimit) OFFSET \(max(filter.skip, 0))
            """
        ).map(decodeIncident)
    }

    /// Returns the incidents with these numbers, in their order.
    private func incidents(_ numbers: [Int], _ connection: any Connection) throws(DatabaseError) -> [Incident] {
        guard !numbers.isEmpty else { return [] }
        let found = try connection.query(
            "SELECT \(incidentColumns.all) FROM incidents WHERE number IN \(list: numbers)"
        ).map(decodeIncident)
        let byNumber = Dictionary(found.map { ($0.number, $0) }) { first, _ in first }
        return numbers.compactMap { byNumber[$0] }
    }
}

/// One page of the list of incidents.
package struct IncidentPage: Sendable, Hashable {
    package var incidents: [Incident]
    package var counts: IncidentCounts
    /// False if a text is so short that only the open and the newest incidents were compared with it.
    package var isOfAll = true

    /// As many of the newest incidents are compared with a short text.
    package static let newest = TextSearch.Limits.newest
}

extension IncidentFilter.Order {
    var sql: SQL {
        switch self {
        case .newest: "number DESC"
        case .urgent:
            """
            CASE state WHEN 'triggered' THEN 0 ELSE 1 END,
            CASE severity WHEN 'critical' THEN 0 WHEN 'error' THEN 1 WHEN 'warning' THEN 2 ELSE 3 END, number DESC
            """
        }
    }
}

extension IncidentFilter {
    var boundedLimit: Int { min(max(limit, 1), Limits.list) }
}

/// The condition of a filter, but for its text.
func conditions(_ filter: IncidentFilter) -> SQL {
    var all: SQL = "1 = 1"
    if filter.states == [.triggered, .acknowledged] {
        // This exact condition lets the database use the index of open incidents.
        all = "\(all) AND state <> 'resolved'"
    } else if !filter.states.isEmpty {
        all = "\(all) AND state IN \(list: Array(filter.states))"
    }
    if !filter.teams.isEmpty { all = "\(all) AND team_id \(Unindexed.text) IN \(list: filter.teams)" }
    if !filter.severities.isEmpty {
        all = "\(all) AND severity \(Unindexed.text) IN \(list: Array(filter.severities))"
    }
    if let source = filter.source {
        // The index of a source by time serves a span.
        let isOfSpan = filter.since != nil || filter.until != nil
        all = "\(all) AND source_id \(isOfSpan ? "" : Unindexed.text) = \(source)"
    }
    if let since = filter.since { all = "\(all) AND opened_at >= \(since)" }
    if let until = filter.until { all = "\(all) AND opened_at < \(until)" }
    if let before = filter.before { all = "\(all) AND number < \(before)" }
    return all
}

/// Escapes the wildcards in a LIKE pattern.
func escapedForLike(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
}
