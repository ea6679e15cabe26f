internal import Database
internal import Domain

/// What the index of texts is told of changes.
enum SearchChange {
    /// Queues incidents. Each change has a row of its own, so that a change is not lost while an earlier one is indexed.
    static let insertion = RowStatement.insertion(
        into: "search_queue", ["id": .text, "number": .bigint, "at": .bigint])

    static func row(of number: Int, id: ID<SearchChange>, at now: Timestamp) -> [SQLValue] {
        [id.sqlValue, number.sqlValue, now.sqlValue]
    }

    /// Notes the blocks of the index that have no incidents any more.
    static func noteDeletion(of numbers: [Int], _ connection: any Connection) throws(DatabaseError) {
        for block in Set(numbers.map { $0 / BlockNumbers.size }).sorted() {
            try connection.execute(
                """
                INSERT INTO search_emptied (block) SELECT CAST(\(block) AS BIGINT)
                WHERE NOT EXISTS (SELECT 1 FROM incidents WHERE \(isIn(block))) ON CONFLICT DO NOTHING
                """)
        }
    }

    /// Selects the incidents of a block.
    static func isIn(_ block: Int) -> SQL {
        "number >= \(block * BlockNumbers.size) AND number < \((block + 1) * BlockNumbers.size)"
    }
}

extension Commit {
    /// Whether a stored incident gets other texts, or any incident gets a note.
    var changesTexts: Bool {
        let isNoted = transition.entries.contains { $0.event.isSearched }
        guard let before, !isNoted else { return isNoted }
        let after = transition.incident
        return before.title != after.title || before.text != after.text || before.labels != after.labels
    }
}
