internal import Database
internal import Domain

/// Entries are ordered by the incident's version first, because the clocks of two processes may differ.
extension TimelineEntry {
    /// Adds entries with the incident's new version, in the transaction that gives it.
    static let insertion = RowStatement.insertion(
        into: "timeline",
        [
            "id": .text, "incident_id": .text, "version": .bigint, "at": .bigint, "author": .text, "event": .text,
        ])

    func row(incident: IncidentID, version: Int, id: ID<TimelineEntry>) -> [SQLValue] {
        [
            id.sqlValue, incident.sqlValue, version.sqlValue, at.sqlValue, author.storedText.sqlValue,
            event.storedText.sqlValue,
        ]
    }

    /// Adds entries that change the incident no further, such as the fate of a page.
    static let lateInsertion = RowStatement(
        """
        INSERT INTO timeline (id, incident_id, version, at, author, event)
        SELECT id, incident_id, COALESCE((SELECT version FROM incidents WHERE incidents.id = given.incident_id), 0), at,
          author, event FROM
        """, ["id": .text, "incident_id": .text, "at": .bigint, "author": .text, "event": .text])

    func lateRow(incident: IncidentID, id: ID<TimelineEntry>) -> [SQLValue] {
        [id.sqlValue, incident.sqlValue, at.sqlValue, author.storedText.sqlValue, event.storedText.sqlValue]
    }

    /// The same for a single entry.
    func insertion(incident: IncidentID, id: ID<TimelineEntry>) -> SQL {
        """
        INSERT INTO timeline (id, incident_id, version, at, author, event)
        VALUES (\(id), \(incident), COALESCE((SELECT version FROM incidents WHERE id = \(incident)), 0), \(at),
          \(author.storedText), \(event.storedText))
        """
    }
}
