package import Database
package import Domain
internal import Synchronization

extension Store {
    /// Returns the number of open incidents.
    package func openIncidentCount() async throws(DatabaseError) -> Int {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try openCounts(connection).values.reduce(0, +)
        }
    }

    /// Returns the number of incidents that nobody has acknowledged.
    package func triggeredIncidentCount() async throws(DatabaseError) -> Int {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            try openCounts(connection)[.triggered] ?? 0
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

    func incidentCounts(
        _ filter: IncidentFilter, _ connection: any Connection
    ) throws(DatabaseError) -> [Incident.State.Name: Int] {
        guard filter.selectsAll else { return try counts(of: conditions(filter.inAnyState), connection) }
        var counts = try openCounts(connection)
        let resolved = try incidentTotal.read(connection) - counts.values.reduce(0, +)
        if resolved > 0 { counts[.resolved] = resolved }
        return counts
    }

    /// Counts each open state by itself, which reads nothing of the resolved incidents.
    private func openCounts(
        _ connection: any Connection
    ) throws(DatabaseError) -> [Incident.State.Name: Int] {
        var counts: [Incident.State.Name: Int] = [:]
        for state in [Incident.State.Name.triggered, .acknowledged] {
            let rows = try connection.query("SELECT COUNT(*) AS count FROM incidents WHERE state = \(state)")
            let count: Int = try rows.first?.get("count") ?? 0
            if count > 0 { counts[state] = count }
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

/// How many incidents there are in each state.
package struct IncidentCounts: Sendable, Hashable {
    /// States without incidents are left out.
    package var byState: [Incident.State.Name: Int]
    /// The states in which there may be more incidents than were counted.
    package var openEnded: Set<Incident.State.Name>

    package init(_ byState: [Incident.State.Name: Int], openEnded: Set<Incident.State.Name> = []) {
        self.byState = byState
        self.openEnded = openEnded
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
