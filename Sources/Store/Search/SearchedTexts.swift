internal import Database
internal import Domain

/// The texts of an incident that a search looks at: title, text, names and values of labels, notes. A term must occur in one
/// of them.
struct SearchedTexts {
    let number: Int
    private(set) var fields: [String]
    /// The number of bytes.
    var size: Int { fields.reduce(0) { $0 + $1.utf8.count } }

    /// Returns the texts of the incidents that a condition selects, the newest first.
    static func read(
        _ condition: SQL, limit: Int, _ connection: any Connection
    ) throws(DatabaseError) -> [SearchedTexts] {
        let rows = try connection.query(
            """
            SELECT id, number, title, body, labels FROM incidents WHERE \(condition) ORDER BY number DESC LIMIT \(limit)
            """)
        guard !rows.isEmpty else { return [] }
        let ids = try rows.map { (row) throws(DatabaseError) -> IncidentID in try row.get("id") }
        var notes: [IncidentID: [String]] = [:]
        for row in try connection.query(
            """
            SELECT incident_id, event FROM timeline
            WHERE incident_id IN \(list: ids) AND event LIKE \(searchedEvents)
            """)
        {
            let (id, event): (IncidentID, String) = (try row.get("incident_id"), try row.get("event"))
            if let note = note(in: event) { notes[id, default: []].append(note) }
        }
        return try zip(rows, ids).map { (row, id) throws(DatabaseError) in
            try SearchedTexts(row, notes: notes[id] ?? [])
        }
    }

    private init(_ row: Row, notes: [String]) throws(DatabaseError) {
        number = try row.get("number")
        fields = [try row.get("title"), try row.get("body")]
        let labels: String = try row.get("labels")
        if let known = try? [String: String](storedValueText: labels) {
            for (name, value) in known { fields += [name, value] }
        } else {
            fields.append(labels)
        }
        fields += notes
    }
}

/// A pattern that finds the events with a text that is searched. It may find others.
let searchedEvents = #"%"noted"%"#

/// The text of a note, or nil for another event. One that can't be read is searched as it is.
private func note(in event: String) -> String? {
    guard let known = try? TimelineEntry.Event(storedText: event) else { return event }
    if case .noted(let text) = known { return text }
    return nil
}

extension TimelineEntry.Event {
    /// Whether it has a text that is searched.
    var isSearched: Bool { if case .noted = self { true } else { false } }
}
