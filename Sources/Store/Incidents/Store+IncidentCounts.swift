package import Database
package import Domain
internal import Synchronization

extension Store {
    /// Counts the open incidents of some states, for a page: up to `BoundedCount.limit` in each.
    package func openIncidentCounts(
        _ states: [Incident.State.Name] = [.triggered, .acknowledged]
    ) async throws(DatabaseError) -> IncidentCounts {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try counts(states, upTo: BoundedCount.limit, connection)
        }
    }

    /// Returns the number of incidents in each state. Without a filter the work grows with the open ones and not with
    /// the stored ones.
    ///
    /// - Parameter filter: counts only these incidents, in whatever state and with whatever text.
    package func incidentCounts(
        _ filter: IncidentFilter = IncidentFilter()
    ) async throws(DatabaseError) -> [Incident.State.Name: Int] {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try incidentCounts(filter, connection)
        }
    }

    private func incidentCounts(
        _ filter: IncidentFilter, _ connection: any Connection
    ) throws(DatabaseError) -> [Incident.State.Name: Int] {
        guard filter.selectsAll else { return try counts(of: conditions(filter.inAnyState), connection) }
        var counts = try counts([.triggered, .acknowledged], upTo: nil, connection).byState
        let resolved = try incidentTotal.read(connection) - counts.values.reduce(0, +)
        if resolved > 0 { counts[.resolved] = resolved }
        return counts
    }

    /// Counts incidents for a page. The work is bounded, however many there are, except for a span of time.
    func boundedCounts(
        _ filter: IncidentFilter, _ connection: any Connection
    ) throws(DatabaseError) -> IncidentCounts {
        if let ranges = IncidentRanges(filter) { return try counts(in: ranges, connection) }
        guard filter.selectsAll else { return IncidentCounts(try incidentCounts(filter, connection)) }
        let limit = BoundedCount.limit
        var open = try counts([.triggered, .acknowledged], upTo: limit, connection)
        if open.openEnded.isEmpty {
            let resolved = try incidentTotal.read(connection) - open.number(of: [.triggered, .acknowledged])
            if resolved > 0 { open.byState[.resolved] = resolved }
        } else {
            open.add(try counts([.resolved], upTo: limit, connection))
        }
        return open
    }

    private func counts(
        in ranges: IncidentRanges, _ connection: any Connection
    ) throws(DatabaseError) -> IncidentCounts {
        var counts = IncidentCounts([:])
        for state in Incident.State.Name.allCases {
            let count = try ranges.count(state, connection)
            if count.number > 0 { counts.byState[state] = count.number }
            if count.isMore { counts.openEnded.insert(state) }
        }
        return counts
    }

    /// Counts each state by itself, which reads nothing of the other incidents.
    private func counts(
        _ states: [Incident.State.Name], upTo limit: Int?, _ connection: any Connection
    ) throws(DatabaseError) -> IncidentCounts {
        var counts = IncidentCounts([:])
        for state in states {
            let all: SQL = "SELECT number FROM incidents WHERE state = \(state)"
            let counted = limit.map { (limit) -> SQL in "\(all) LIMIT \(limit + 1)" } ?? all
            let rows = try connection.query("SELECT COUNT(*) AS count FROM (\(counted)) AS counted")
            let count: Int = try rows.first?.get("count") ?? 0
            if count > 0 { counts.byState[state] = min(count, limit ?? count) }
            if let limit, count > limit { counts.openEnded.insert(state) }
        }
        return counts
    }

    private func counts(
        of condition: SQL, _ connection: any Connection
    ) throws(DatabaseError) -> [Incident.State.Name: Int] {
        var counts: [Incident.State.Name: Int] = [:]
        for row in try connection.query(
            "SELECT state, COUNT(*) AS count FROM incidents WHERE \(condition) GROUP BY state")
        {
            counts[try row.get("state")] = try row.get("count")
        }
        return counts
    }
}

extension IncidentFilter {
    /// Whether no condition narrows the selection, whatever the states and the page of the list.
    fileprivate var selectsAll: Bool {
        teams.isEmpty && severities.isEmpty && source == nil && since == nil && until == nil
    }

    /// The same filter for all states and all pages of the list.
    var inAnyState: IncidentFilter {
        var all = self
        (all.states, all.before) = ([], nil)
        return all
    }
}

/// The number of all stored incidents. Incidents are counted once; later only those are counted that are newer.
///
/// What retention deletes is known after the next full count.
final class IncidentTotal: Sendable {
    private struct Known {
        /// The incidents up to this number are counted.
        var number: Int
        var count: Int
        var uses = 0
    }

    enum Limits {
        /// The newest incidents are counted each time, because numbers are not committed in their order.
        static let newest = 1_000
        /// How many reads use a full count.
        static let uses = 1_000
    }

    private let known = Mutex<Known?>(nil)

    func read(_ connection: any Connection) throws(DatabaseError) -> Int {
        let base: Known
        if let fresh = used() { base = fresh } else { base = try count(connection) }
        let newer: Int =
            try connection.query("SELECT COUNT(*) AS count FROM incidents WHERE number > \(base.number)").first?
            .get("count") ?? 0
        return base.count + newer
    }

    private func used() -> Known? {
        known.withLock { known in
            known?.uses += 1
            return known.flatMap { $0.uses <= Limits.uses ? $0 : nil }
        }
    }

    private func count(_ connection: any Connection) throws(DatabaseError) -> Known {
        let last: Int = try connection.query("SELECT MAX(number) AS number FROM incidents").first?.get("number") ?? 0
        let number = last - Limits.newest
        let count: Int =
            try connection.query("SELECT COUNT(*) AS count FROM incidents WHERE number <= \(number)").first?
            .get("count") ?? 0
        let counted = Known(number: number, count: count)
        known.withLock { $0 = counted }
        return counted
    }
}
