internal import Database
internal import Domain

extension TextSearch {
    /// Returns the incidents that a condition selects and that contain the term, at most `limit` after the first `skip`. The
    /// work grows with what the condition selects, until there are enough.
    ///
    /// - Parameter notes: false leaves out what only a note contains. Most of the work is looking for notes.
    func compare(
        _ condition: SQL, _ limit: Int, skip: Int = 0, order: SQL = "number DESC", notes: Bool = true
    ) throws(DatabaseError) -> [Match] {
        var (found, read): ([Match], Int) = ([], 0)
        while found.count < skip + limit {
            let wanted = skip + limit - found.count
            let rows = try connection.query(statement(condition, wanted, skip: read, order: order, notes: notes))
            found += try confirmed(rows)
            read += rows.count
            if rows.count < wanted { break }
        }
        return Array(found.dropFirst(skip).prefix(limit))
    }

    /// Selects incidents that may contain the term.
    private func statement(_ condition: SQL, _ limit: Int, skip: Int, order: SQL, notes: Bool) -> SQL {
        let patterns = SearchPatterns(term)
        let inText: SQL = """
            (\(dialect.caseless("title")) LIKE \(patterns.text) ESCAPE '\\'
              OR \(dialect.caseless("body")) LIKE \(patterns.text) ESCAPE '\\')
            """
        // PostgreSQL would turn EXISTS into a search of the whole timeline.
        let inNotes: SQL = """
            OR (SELECT 1 FROM timeline WHERE timeline.incident_id = incidents.id AND timeline.event LIKE \(searchedEvents)
              AND \(dialect.caseless("timeline.event")) LIKE \(patterns.json) ESCAPE '\\' LIMIT 1) = 1
            """
        let isNumber: SQL = "number = \(term.number ?? -1)"
        let inLabels: SQL = "\(dialect.caseless("labels")) LIKE \(patterns.json) ESCAPE '\\'"
        var isCertain: SQL = patterns.isExact ? "\(isNumber) OR \(inText)" : isNumber
        if patterns.isExactInJSON {
            isCertain = "\(isCertain) OR (\(inLabels) AND labels NOT LIKE '%\\\\%' ESCAPE '\\')"
        }
        return """
            SELECT number, state, severity, CASE WHEN \(isCertain) THEN 1 ELSE 0 END AS is_certain
            FROM incidents WHERE \(condition) AND (\(isNumber) OR \(inText)
              OR \(inLabels) \(notes ? inNotes : ""))
            ORDER BY \(order) LIMIT \(limit) OFFSET \(skip)
            """
    }

    /// Returns those that contain the term, in the same order.
    private func confirmed(_ rows: [Row]) throws(DatabaseError) -> [Match] {
        var matches: [Match] = []
        var doubtful: [Int] = []
        for row in rows {
            let match = Match(
                number: try row.get("number"), state: try row.get("state"),
                severity: try row.get("severity"))
            matches.append(match)
            if try !row.get("is_certain", as: Bool.self) { doubtful.append(match.number) }
        }
        guard !doubtful.isEmpty else { return matches }
        let texts = try SearchedTexts.read("number IN \(list: doubtful)", limit: doubtful.count, connection)
        let wrong = Set(doubtful).subtracting(texts.filter { term.occurs(in: $0.fields) }.map(\.number))
        return matches.filter { !wrong.contains($0.number) }
    }
}
