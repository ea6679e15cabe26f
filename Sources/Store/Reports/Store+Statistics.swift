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
        return sum
    }
}

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
            SELECT \(severityCounts),
              COUNT(first_acknowledged_at) AS acknowledged,
              CAST(COALESCE(SUM(first_acknowledged_at - opened_at), 0) AS BIGINT) AS time_to_acknowledge,
              COUNT(resolved_at) AS resolved,
              CAST(COALESCE(SUM(resolved_at - opened_at), 0) AS BIGINT) AS time_to_resolve
            FROM incidents
            WHERE opened_at >= \(span.lowerBound) AND opened_at < \(span.upperBound) \(condition(team))
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
                return tally
            }
        }
    }

    /// Returns the number of incidents that each source opened in a span.
    package func incidentCounts(
        of sources: [SourceID], in span: Range<Timestamp>, team: TeamID?
    ) async throws(DatabaseError) -> [SourceID: Int] {
        let statements = sources.map { source -> SQL in
            """
            SELECT COUNT(*) AS count FROM incidents
            WHERE source_id = \(source) AND opened_at >= \(span.lowerBound) AND opened_at < \(span.upperBound)
              \(condition(team))
            """
        }
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            var counts: [SourceID: Int] = [:]
            for (source, result) in zip(sources, try connection.batch(statements)) {
                counts[source] = try result.rows.first?.get("count") ?? 0
            }
            return counts
        }
    }

    /// Returns the number of pages sent to each person in a span, by the hour of that person's day.
    ///
    /// - Parameter clocks: each person's local time.
    /// - Returns: 24 numbers for each person.
    package func pageHours(
        of clocks: [UserID: LocalClock], in span: Range<Timestamp>, team: TeamID?
    ) async throws(DatabaseError) -> [UserID: [Int]] {
        let people = clocks.keys.sorted()
        let statements = people.map { person -> SQL in
            """
            SELECT hour, COUNT(*) AS count FROM (
              SELECT \(localHour(clocks[person] ?? .utc, in: span)) AS hour FROM pages
              WHERE purpose = 'incident' AND user_id = \(person)
                AND sent_at >= \(span.lowerBound) AND sent_at < \(span.upperBound) \(condition(team))
            ) AS sendings GROUP BY hour
            """
        }
        return try await database.read(.report) { (connection) throws(DatabaseError) in
            var hours: [UserID: [Int]] = [:]
            for (person, result) in zip(people, try connection.batch(statements)) {
                var counts = [Int](repeating: 0, count: 24)
                for row in result.rows { counts[try row.get("hour")] = try row.get("count") }
                hours[person] = counts
            }
            return hours
        }
    }
}

private func condition(_ team: TeamID?) -> SQL { team.map { "AND team_id = \($0)" } ?? "" }

/// One column for each severity.
private let severityCounts = SQL(
    stringLiteral: Severity.allCases.map { severity in
        let word = severity.rawValue
        return "COALESCE(SUM(CASE WHEN severity = '\(word)' THEN 1 ELSE 0 END), 0) AS severity_\(word)"
    }.joined(separator: ", "))

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
