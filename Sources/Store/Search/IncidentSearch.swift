internal import Database
internal import Domain

/// A filter with a text: which incidents to list, and how many there are. The work is bounded, whatever is stored, unless a
/// filter leaves out nearly all of very many incidents that contain the text.
struct IncidentSearch {
    enum Limits {
        /// More matches are not counted.
        static let counted = 200
        /// So many open incidents are compared one by one.
        static let open = 200
    }

    private let filter: IncidentFilter
    private let search: TextSearch

    /// - Returns: nil if the filter has no text.
    /// - Throws: `.invalidValue` for a text that no database can hold, so that nobody waits for a match.
    init?(_ filter: IncidentFilter, _ connection: any Connection, _ dialect: Dialect) throws(DatabaseError) {
        guard let term = SearchTerm(filter.text) else { return nil }
        if term.text.utf8.contains(0) { throw .invalidValue("a text holds U+0000") }
        self.filter = filter
        search = TextSearch(term: term, connection: connection, dialect: dialect)
    }

    /// Returns the incidents to list.
    func list() throws(DatabaseError) -> [TextSearch.Match] {
        guard selectsOpenOnly else { return try listOfAnyState() }
        let found = try newest()
        if try isComplete(found) { return arranged(found) }
        return try walk()
    }

    /// Returns the incidents to list, and counts those of all states.
    func page() throws(DatabaseError) -> (matches: [TextSearch.Match], counts: IncidentCounts) {
        let found = try newest()
        if try isComplete(found) { return (arranged(found), IncidentCounts(counts(found))) }
        var counts = IncidentCounts(
            counts(found.prefix(Limits.counted)), openEnded: [.triggered, .acknowledged, .resolved])
        if try hasManyOpen() {
            if selectsOpenOnly { return (try walk(), counts) }
            return (try listOfAnyState(), counts)
        }
        let open = try search.compare("state <> 'resolved' AND \(inAnyState)", Limits.open)
        for state in [Incident.State.Name.triggered, .acknowledged] { counts.byState[state] = self.counts(open)[state] }
        counts.openEnded = [.resolved]
        if selectsOpenOnly { return (arranged(open), counts) }
        let first = filter.before == nil && filter.order == .newest ? arranged(found) : []
        if first.count == filter.boundedLimit { return (first, counts) }
        return (try listOfAnyState(), counts)
    }

    /// Whether all incidents are looked at.
    func reachesAll() throws(DatabaseError) -> Bool {
        if selectsOpenOnly { return true }
        return try search.reachesAll()
    }

    private var selectsOpenOnly: Bool { !filter.states.isEmpty && !filter.states.contains(.resolved) }

    private var inAnyState: SQL { conditions(filter.inAnyState) }

    /// Returns the newest matches in any state: one more than are counted, if there are as many.
    private func newest() throws(DatabaseError) -> [TextSearch.Match] {
        try search.newest(Limits.counted + 1, before: nil, inAnyState)
    }

    /// Whether `newest` returned all matches.
    private func isComplete(_ found: [TextSearch.Match]) throws(DatabaseError) -> Bool {
        guard found.count <= Limits.counted else { return false }
        return try search.reachesAll()
    }

    private func listOfAnyState() throws(DatabaseError) -> [TextSearch.Match] {
        guard filter.order == .newest else { return try walk() }
        var all = filter
        all.before = nil
        return Array(
            try search.newest(filter.boundedLimit + max(filter.skip, 0), before: filter.before, conditions(all))
                .dropFirst(max(filter.skip, 0)))
    }

    /// Compares one after the other, in the order of the list.
    private func walk() throws(DatabaseError) -> [TextSearch.Match] {
        try search.compare(
            conditions(filter), filter.boundedLimit, skip: max(filter.skip, 0), order: filter.order.sql)
    }

    private func hasManyOpen() throws(DatabaseError) -> Bool {
        let rows = try search.connection.query(
            """
            SELECT COUNT(*) AS count FROM (
              SELECT number FROM incidents WHERE state <> 'resolved' ORDER BY number DESC LIMIT \(Limits.open + 1)) AS listed
            """)
        let count: Int = try rows.first?.get("count") ?? 0
        return count > Limits.open
    }

    private func counts(_ matches: some Sequence<TextSearch.Match>) -> [Incident.State.Name: Int] {
        Dictionary(matches.map { ($0.state, 1) }, uniquingKeysWith: +)
    }

    /// Returns the part of the matches that the filter asks for.
    private func arranged(_ matches: [TextSearch.Match]) -> [TextSearch.Match] {
        let wanted = matches.filter { match in
            (filter.states.isEmpty || filter.states.contains(match.state)) && match.number < filter.before ?? .max
        }
        let sorted =
            switch filter.order {
            case .newest: wanted
            case .urgent:
                wanted.sorted {
                    ($0.state == .triggered ? 0 : 1, $1.severity, $1.number)
                        < ($1.state == .triggered ? 0 : 1, $0.severity, $0.number)
                }
            }
        return Array(sorted.dropFirst(max(filter.skip, 0)).prefix(filter.boundedLimit))
    }
}
