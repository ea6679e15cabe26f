internal import Database
internal import Domain

/// What remains of deleted incidents and pages: numbers for reports, without names and texts.
///
/// A number belongs to a quarter of an hour, because the days and hours of every time zone begin with one.
struct DeletedStatistics {
    private struct IncidentKey: Hashable {
        var openedAt: Timestamp
        var team: String
        /// Empty for an incident without a source.
        var source: String
        var severity: String
    }

    private struct IncidentSums {
        var incidents = 0
        var acknowledged = 0
        var timeToAcknowledge: Duration = .zero
        var timeToResolve: Duration = .zero
    }

    private struct PageKey: Hashable {
        var user: UserID
        var sentAt: Timestamp
        var team: String
    }

    /// Earlier quarters of an hour leave nothing. Nil leaves something of all.
    private let since: Timestamp?
    private var incidents: [IncidentKey: IncidentSums] = [:]
    private var pages: [PageKey: Int] = [:]

    init(since: Timestamp?) { self.since = since }

    /// The columns that `addIncident` reads.
    static let incidentColumns: ColumnList = [
        "team_id", "source_id", "severity", "opened_at", "first_acknowledged_at", "resolved_at",
    ]
    /// The columns that `addPage` reads.
    static let pageColumns: ColumnList = ["purpose", "user_id", "team_id", "sent_at"]

    /// Adds a resolved incident.
    mutating func addIncident(_ row: Row) throws(DatabaseError) {
        let openedAt: Timestamp = try row.get("opened_at")
        guard let quarter = quarter(of: openedAt) else { return }
        let key = IncidentKey(
            openedAt: quarter, team: try row.get("team_id"), source: try row.get("source_id", as: String?.self) ?? "",
            severity: try row.get("severity"))
        var sums = incidents[key] ?? IncidentSums()
        sums.incidents += 1
        if let acknowledgedAt: Timestamp = try row.get("first_acknowledged_at") {
            sums.acknowledged += 1
            sums.timeToAcknowledge += acknowledgedAt - openedAt
        }
        if let resolvedAt: Timestamp = try row.get("resolved_at") { sums.timeToResolve += resolvedAt - openedAt }
        incidents[key] = sums
    }

    /// Adds a page, if it was one of an incident and was sent. Reports count no others.
    mutating func addPage(_ row: Row) throws(DatabaseError) {
        guard try row.get("purpose", as: String.self) == "incident",
            let sentAt: Timestamp = try row.get("sent_at"), let quarter = quarter(of: sentAt)
        else { return }
        let team: String? = try row.get("team_id")
        pages[PageKey(user: try row.get("user_id"), sentAt: quarter, team: team ?? ""), default: 0] += 1
    }

    private func quarter(of instant: Timestamp) -> Timestamp? {
        let length = Duration.minutes(15).microseconds
        let quarter = Timestamp(microseconds: instant.microseconds.flooredQuotient(by: length) * length)
        if let since, quarter < since { return nil }
        return quarter
    }

    /// Adds the numbers to those that are stored, in the order of the keys, so that two processes can't deadlock.
    func write(on connection: any Connection, _ dialect: Dialect) throws(DatabaseError) {
        var statements = try DeletedStatistics.incidentAddition.statements(incidentRows, dialect)
        if !pages.isEmpty {
            // A person who is deleted meanwhile must not come back, so these rows stay until the end.
            let people = Array(Set(pages.keys.map(\.user)))
            let known = try connection.query(
                "SELECT id FROM users WHERE id IN \(list: people) ORDER BY id \(dialect.lockForShare)"
            ).map { (row) throws(DatabaseError) -> UserID in try row.get("id") }
            statements += try DeletedStatistics.pageAddition.statements(pageRows(of: Set(known)), dialect)
        }
        for statement in statements { try connection.execute(statement) }
    }

    private var incidentRows: [[SQLValue]] {
        let keys = incidents.keys.sorted {
            ($0.openedAt, $0.team, $0.source, $0.severity) < ($1.openedAt, $1.team, $1.source, $1.severity)
        }
        return keys.map { key in
            let sums = incidents[key] ?? IncidentSums()
            return [
                key.openedAt.sqlValue, key.team.sqlValue, key.source.sqlValue, key.severity.sqlValue,
                sums.incidents.sqlValue, sums.acknowledged.sqlValue, sums.timeToAcknowledge.sqlValue,
                sums.timeToResolve.sqlValue,
            ]
        }
    }

    private func pageRows(of people: Set<UserID>) -> [[SQLValue]] {
        let keys = pages.keys.filter { people.contains($0.user) }.sorted {
            ($0.user, $0.sentAt, $0.team) < ($1.user, $1.sentAt, $1.team)
        }
        return keys.map { key in
            [key.user.sqlValue, key.sentAt.sqlValue, key.team.sqlValue, (pages[key] ?? 0).sqlValue]
        }
    }

    private static let incidentAddition = RowStatement(
        """
        INSERT INTO incident_statistics (opened_at, team_id, source_id, severity, incidents, acknowledged,
          time_to_acknowledge, time_to_resolve)
        SELECT opened_at, team_id, source_id, severity, incidents, acknowledged, time_to_acknowledge, time_to_resolve
        FROM
        """,
        [
            "opened_at": .bigint, "team_id": .text, "source_id": .text, "severity": .text, "incidents": .bigint,
            "acknowledged": .bigint, "time_to_acknowledge": .bigint, "time_to_resolve": .bigint,
        ],
        """
        WHERE true ON CONFLICT (opened_at, team_id, source_id, severity) DO UPDATE SET
          incidents = incident_statistics.incidents + excluded.incidents,
          acknowledged = incident_statistics.acknowledged + excluded.acknowledged,
          time_to_acknowledge = incident_statistics.time_to_acknowledge + excluded.time_to_acknowledge,
          time_to_resolve = incident_statistics.time_to_resolve + excluded.time_to_resolve
        """)

    private static let pageAddition = RowStatement(
        "INSERT INTO page_statistics (user_id, sent_at, team_id, pages) SELECT user_id, sent_at, team_id, pages FROM",
        ["user_id": .text, "sent_at": .bigint, "team_id": .text, "pages": .bigint],
        """
        WHERE true ON CONFLICT (user_id, sent_at, team_id) DO UPDATE SET
          pages = page_statistics.pages + excluded.pages
        """)
}
