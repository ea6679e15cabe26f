package import Database
package import Domain

/// What happened to the incidents opened in a span.
package struct IncidentTally: Sendable, Hashable {
    package var bySeverity: [Severity: Int] = [:]
    package var acknowledged = 0
    /// The total time from opening to first acknowledgement, over all acknowledged incidents.
    package var timeToAcknowledge: Duration = .zero
    package var resolved = 0
    /// The total time from opening to resolution, over all resolved incidents.
    package var timeToResolve: Duration = .zero
    /// How many of them retention has deleted.
    package var deleted = 0

    package init() {}

    package var count: Int { bySeverity.values.reduce(0, +) }

    /// Nil when nothing was acknowledged.
    package var meanTimeToAcknowledge: Duration? { acknowledged > 0 ? timeToAcknowledge / acknowledged : nil }
    /// Nil when nothing was resolved.
    package var meanTimeToResolve: Duration? { resolved > 0 ? timeToResolve / resolved : nil }

    package static func + (left: IncidentTally, right: IncidentTally) -> IncidentTally {
        var sum = left
        sum.bySeverity.merge(right.bySeverity, uniquingKeysWith: +)
        sum.acknowledged += right.acknowledged
        sum.timeToAcknowledge += right.timeToAcknowledge
        sum.resolved += right.resolved
        sum.timeToResolve += right.timeToResolve
        sum.deleted += right.deleted
        return sum
    }
}

/// Reports count what is stored and the numbers that remain of what was deleted. Each statement reads both, so that it
/// sees an incident that is being deleted once. A span begins and ends with a quarter of an hour, as every day does.
extension Store {
    /// Counts the incidents opened in each span.
    ///
    /// Each span is one statement over a covering index. Grouping by an expression would first sort all incidents.
    ///
    /// - Parameter team: nil counts all teams.
    package func tallies(
        ofIncidentsIn spans: [Range<Timestamp>], team: TeamID?
    ) async throws(DatabaseError) -> [IncidentTally] {
        let statements = spans.map { span -> SQL in
            """
            SELECT \(tallySums) FROM (
              SELECT \(severityCounts("1")), COUNT(first_acknowledged_at) AS acknowledged,
                SUM(first_acknowledged_at - opened_at) AS time_to_acknowledge, COUNT(resolved_at) AS resolved,
                SUM(resolved_at - opened_at) AS time_to_resolve, 0 AS deleted
              FROM incidents WHERE \(within(span, "opened_at", team))
              UNION ALL
              SELECT \(severityCounts("incidents")), SUM(acknowledged), SUM(time_to_acknowledge), SUM(incidents),
                SUM(time_to_resolve), SUM(incidents)
              FROM incident_statistics WHERE \(within(span, "opened_at", team))
            ) AS counted
            """
        }
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.batch(statements).map { (result) throws(DatabaseError) in
                var tally = IncidentTally()
                guard let row = result.rows.first else { return tally }
                for severity in Severity.allCases {
                    let count: Int = try row.get("severity_\(severity.rawValue)")
                    if count > 0 { tally.bySeverity[severity] = count }
                }
                tally.acknowledged = try row.get("acknowledged")
                tally.timeToAcknowledge = try row.get("time_to_acknowledge")
                tally.resolved = try row.get("resolved")
                tally.timeToResolve = try row.get("time_to_resolve")
                tally.deleted = try row.get("deleted")
                return tally
            }
        }
    }

    /// Returns the number of incidents that each source opened in a span.
    package func incidentCounts(
        of sources: [SourceID], in span: Range<Timestamp>, team: TeamID?
    ) async throws(DatabaseError) -> [SourceID: Int] {
        var counts = Dictionary(sources.map { ($0, 0) }, uniquingKeysWith: +)
        if counts.isEmpty { return counts }
        // Rows of the sources asked are found in an index that begins with the source.
        let statement: SQL = """
            SELECT source_id, CAST(SUM(incidents) AS BIGINT) AS incidents FROM (
              SELECT source_id, COUNT(*) AS incidents FROM incidents
              WHERE source_id IN \(list: sources) AND \(within(span, "opened_at", team)) GROUP BY source_id
              UNION ALL
              SELECT source_id, SUM(incidents) FROM incident_statistics
              WHERE \(within(span, "opened_at", team)) GROUP BY source_id
            ) AS counted GROUP BY source_id
            """
        let rows = try await database.read(.report) { (connection) throws(DatabaseError) in
            try connection.query(statement)
        }
        for row in rows {
            let source: SourceID = try row.get("source_id")
            if counts[source] != nil { counts[source] = try row.get("incidents") }
        }
        return counts
    }

    /// Returns the number of pages sent to each person in a span, by the hour of that person's day.
    ///
    /// - Parameter clocks: each person's local time.
    /// - Returns: 24 numbers for each person.
    package func pageHours(
        of clocks: [UserID: LocalClock], in span: Range<Timestamp>, team: TeamID?
    ) async throws(DatabaseError) -> [UserID: [Int]] {
        // One statement for all whose clocks agree.
        let groups = Dictionary(grouping: clocks.keys.sorted()) { person in
            (clocks[person] ?? .utc).offsets(from: span.lowerBound, to: span.upperBound).map { "\($0)" }
        }
        let statements = groups.values.map { people -> SQL in
            let hour = localHour(clocks[people[0]] ?? .utc, in: span)
            return """
                SELECT user_id, hour, CAST(SUM(pages) AS BIGINT) AS pages FROM (
                  SELECT user_id, \(hour) AS hour, 1 AS pages FROM pages
                  WHERE purpose = 'incident' AND user_id IN \(list: people) AND \(within(span, "sent_at", team))
                  UNION ALL
                  SELECT user_id, \(hour), pages FROM page_statistics
                  WHERE user_id IN \(list: people) AND \(within(span, "sent_at", team))
                ) AS sendings GROUP BY user_id, hour
                """
        }
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            var hours = clocks.mapValues { _ in [Int](repeating: 0, count: 24) }
            for result in try connection.batch(statements) {
                for row in result.rows {
                    let (person, hour): (UserID, Int) = (try row.get("user_id"), try row.get("hour"))
                    hours[person]?[hour] = try row.get("pages")
                }
            }
            return hours
        }
    }
}

private func within(_ span: Range<Timestamp>, _ column: String, _ team: TeamID?) -> SQL {
    let condition: SQL =
        "\(raw: column) >= \(span.lowerBound) AND \(raw: column) < \(span.upperBound)"
    return team.map { "\(condition) AND team_id = \($0)" } ?? condition
}

/// One column for each severity.
///
/// - Parameter incidents: how many incidents a row stands for.
private func severityCounts(_ incidents: String) -> SQL {
    let columns = Severity.allCases.map { severity in
        let word = severity.rawValue
        return "SUM(CASE WHEN severity = '\(word)' THEN \(incidents) ELSE 0 END) AS severity_\(word)"
    }
    return "\(raw: columns.joined(separator: ", "))"
}

/// The sums of stored and deleted incidents. A sum of no rows is NULL.
private let tallySums: SQL = {
    let names =
        Severity.allCases.map { "severity_\($0.rawValue)" }
        + ["acknowledged", "time_to_acknowledge", "resolved", "time_to_resolve", "deleted"]
    let sums = names.map { "CAST(COALESCE(SUM(\($0)), 0) AS BIGINT) AS \($0)" }
    return "\(raw: sums.joined(separator: ", "))"
}()

/// The hour of `sent_at` by a clock.
func localHour(_ clock: LocalClock, in span: Range<Timestamp>) -> SQL {
    "((sent_at + \(offset(of: clock, in: span))) / 3600000000) % 24"
}

/// The offset from UTC to local time at `sent_at` in microseconds, including changes of daylight saving within the
/// span.
private func offset(of clock: LocalClock, in span: Range<Timestamp>) -> SQL {
    let offsets = clock.offsets(from: span.lowerBound, to: span.upperBound)
    let microseconds = offsets.map { SQL(stringLiteral: String($0.seconds * 1_000_000)) }
    guard let last = microseconds.last, offsets.count > 1 else { return microseconds.first ?? "0" }
    var cases: SQL = "CASE"
    for (index, value) in microseconds.dropLast().enumerated() {
        cases = "\(cases) WHEN sent_at < \(offsets[index + 1].from) THEN \(value)"
    }
    return "(\(cases) ELSE \(last) END)"
}
