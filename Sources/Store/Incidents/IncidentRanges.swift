internal import Database
internal import Domain

/// The ranges of an index that hold the incidents of a filter by team, source or severity. The incidents of a range have one
/// state and one severity, and are in the order of their numbers. So a list and its counts read only the end of each.
struct IncidentRanges {
    enum Limits {
        /// A filter by more teams reads all incidents instead, until it has enough.
        static let teams = 5
    }

    /// What the index begins with.
    private let owners: [SQL]
    private let severities: [Severity]
    /// What else must be true.
    private let rest: SQL

    /// Nil if no index fits. Of a span of time, the index by time is read.
    init?(_ filter: IncidentFilter) {
        guard filter.since == nil, filter.until == nil else { return nil }
        var rest: SQL = "1 = 1"
        if let source = filter.source {
            owners = ["source_id = \(source)"]
            if !filter.teams.isEmpty { rest = "team_id \(Unindexed.text) IN \(list: filter.teams)" }
        } else if !filter.teams.isEmpty {
            let teams = Set(filter.teams).sorted()
            guard teams.count <= Limits.teams else { return nil }
            owners = teams.map { "team_id = \($0)" }
        } else if !filter.severities.isEmpty {
            owners = ["1 = 1"]
        } else {
            return nil
        }
        self.rest = rest
        severities = filter.severities.isEmpty ? Severity.allCases : filter.severities.sorted()
    }

    /// Returns the numbers of the incidents that the filter selects, in its order.
    func numbers(_ filter: IncidentFilter, _ connection: any Connection) throws(DatabaseError) -> [Int] {
        let states = Incident.State.Name.allCases.filter { filter.states.isEmpty || filter.states.contains($0) }
        let skip = max(filter.skip, 0)
        return try connection.query(
            """
            SELECT number FROM (\(newest(in: states, before: filter.before, limit: filter.boundedLimit + skip))) AS found
            ORDER BY \(filter.order.sql) LIMIT \(filter.boundedLimit) OFFSET \(skip)
            """
        ).map { (row) throws(DatabaseError) in try row.get("number") }
    }

    /// Counts the incidents in a state. Stops at one more than a page tells.
    func count(_ state: Incident.State.Name, _ connection: any Connection) throws(DatabaseError) -> BoundedCount {
        // The order does not matter, so one arm reads the ranges of all severities.
        let arms = owners.map { owner -> SQL in
            """
            SELECT number FROM (
              SELECT number FROM incidents
              WHERE \(owner) AND severity IN \(list: severities) AND state = \(state) AND \(rest)
              LIMIT \(BoundedCount.limit + 1)) AS found
            """
        }
        let numbers = arms.dropFirst().reduce(arms[0]) { "\($0) UNION ALL \($1)" }
        let rows = try connection.query("SELECT COUNT(*) AS count FROM (\(numbers)) AS counted")
        return BoundedCount(found: try rows.first?.get("count") ?? 0)
    }

    /// Selects number, state and severity of the newest incidents of each range.
    ///
    /// - Parameters:
    ///   - before: only lower numbers. Nil for all.
    ///   - limit: the maximum number for each range.
    private func newest(in states: [Incident.State.Name], before: Int?, limit: Int) -> SQL {
        let below: SQL = before.map { "AND number < \($0)" } ?? ""
        var union: SQL?
        for owner in owners {
            for severity in severities {
                for state in states {
                    let range: SQL = """
                        SELECT number, state, severity FROM (
                          SELECT number, state, severity FROM incidents
                          WHERE \(owner) AND severity = \(severity) AND state = \(state) AND \(rest) \(below)
                          ORDER BY number DESC LIMIT \(limit)) AS newest
                        """
                    union = union.map { "\($0) UNION ALL \(range)" } ?? range
                }
            }
        }
        return union ?? "SELECT number, state, severity FROM incidents WHERE 1 = 0"
    }
}

/// Keeps a database from an index: a column with this is an expression. Without statistics, each thinks that few incidents have
/// the same team, and would sort all of the team.
enum Unindexed { static let text: SQL = "|| ''" }
