package import Database
package import Domain

extension Store {
    /// Returns the next incidents to take into the index of texts: changed ones, then new ones, then those from before there
    /// was an index, the newest first. Nil if there is nothing to do.
    package func nextSearchBatch() async throws(DatabaseError) -> SearchBatch? {
        try await database.read(.report) { (connection) throws(DatabaseError) in
            let coverage = try SearchCoverage.read(connection)
            if let batch = try changed(coverage, connection) { return batch }
            if let batch = try newer(coverage, connection) { return batch }
            if let batch = try older(coverage, connection) { return batch }
            let block: Int? = try connection.query("SELECT MIN(block) AS block FROM search_emptied").first?.get("block")
            return block.map { SearchBatch(.emptied(block: $0)) }
        }
    }

    private func changed(
        _ coverage: SearchCoverage, _ connection: any Connection
    ) throws(DatabaseError) -> SearchBatch? {
        let rows = try connection.query(
            """
            SELECT search_queue.id, search_queue.number FROM search_queue
            WHERE search_queue.number <= \(coverage.last)
              AND EXISTS (SELECT 1 FROM incidents WHERE incidents.number = search_queue.number)
            ORDER BY search_queue.id LIMIT \(SearchBatch.Limits.incidents)
            """)
        guard rows.count >= SearchBatch.Limits.changes else { return nil }
        var (queued, numbers): ([String], Set<Int>) = ([], [])
        for row in rows {
            queued.append(try row.get("id"))
            numbers.insert(try row.get("number"))
        }
        let list = numbers.sorted()
        return SearchBatch(
            .changed(queued: queued),
            try SearchedTexts.read("number IN \(list: list)", limit: list.count, connection))
    }

    private func newer(
        _ coverage: SearchCoverage, _ connection: any Connection
    ) throws(DatabaseError) -> SearchBatch? {
        let newest: Int = try connection.query("SELECT MAX(number) AS number FROM incidents").first?.get("number") ?? 0
        var last = coverage.last + SearchBatch.Limits.incidents
        guard newest >= last else { return nil }
        var texts: [SearchedTexts] = try SearchedTexts.read(
            "number > \(coverage.last) AND number <= \(last)", limit: SearchBatch.Limits.incidents, connection
        ).reversed()
        let some = bounded(texts)
        if some.count < texts.count { last = some.last?.number ?? last }
        texts = some
        let missing = Set(coverage.last + 1...last).subtracting(texts.map(\.number)).sorted()
        return SearchBatch(.newer(last: last, missing: missing), texts)
    }

    private func older(
        _ coverage: SearchCoverage, _ connection: any Connection
    ) throws(DatabaseError) -> SearchBatch? {
        guard coverage.first > 1 else { return nil }
        let texts = try SearchedTexts.read(
            "number < \(coverage.first)", limit: SearchBatch.Limits.incidents, connection)
        let some = bounded(texts)
        let isLast = some.count == texts.count && texts.count < SearchBatch.Limits.incidents
        return SearchBatch(.older(first: isLast ? 1 : some.last?.number ?? 1), some)
    }

    /// Returns the first texts, at least one, up to the size of a batch.
    private func bounded(_ texts: [SearchedTexts]) -> [SearchedTexts] {
        var size = 0
        return Array(
            texts.prefix { incident in
                defer { size += incident.size }
                return size < SearchBatch.Limits.size
            })
    }
}

extension Store {
    /// Writes a part of a batch in a short transaction. The parts must be written in their order.
    ///
    /// - Returns: false if the lease is not current. Nothing was written then.
    package func write(
        _ batch: SearchBatch, part: Int, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> Bool {
        let dialect = database.dialect
        return try await database.write(.report) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return false }
            if part + 1 < batch.parts {
                try add(batch.rows(ofPart: part), connection)
            } else {
                try finish(batch.purpose, at: now, connection)
            }
            return true
        }
    }

    /// Adds numbers to rows of the index.
    private func add(_ rows: [SearchBatch.Row], _ connection: any Connection) throws(DatabaseError) {
        var values: [[SQLValue]] = []
        for block in Set(rows.map(\.block)).sorted() {
            let mine = rows.filter { $0.block == block }
            var known: [Int64: BlockNumbers] = [:]
            for row in try connection.query(
                """
                SELECT gram, numbers FROM search_grams WHERE block = \(block) AND gram IN \(list: mine.map(\.gram))
                """)
            {
                known[try row.get("gram")] = BlockNumbers(bytes: try row.get("numbers"))
            }
            for row in mine {
                let before = known[row.gram]
                let after = before?.union(row.numbers) ?? row.numbers
                if after != before {
                    values.append([block.sqlValue, row.gram.sqlValue, after.bytes.sqlValue])
                }
            }
        }
        _ = try connection.batch(searchRows.statements(values, database.dialect))
    }

    private func finish(
        _ purpose: SearchBatch.Purpose, at now: Timestamp, _ connection: any Connection
    ) throws(DatabaseError) {
        switch purpose {
        case .newer(let last, let missing):
            try connection.execute("UPDATE search_progress SET indexed_to = \(last)")
            let rows = missing.map { SearchChange.row(of: $0, id: identifiers.next(), at: now) }
            _ = try connection.batch(SearchChange.insertion.statements(rows, database.dialect))
            try connection.execute(
                """
                DELETE FROM search_queue WHERE at < \(now - SearchBatch.Limits.missing)
                  AND NOT EXISTS (SELECT 1 FROM incidents WHERE incidents.number = search_queue.number)
                """)
        case .older(let first): try connection.execute("UPDATE search_progress SET indexed_from = \(first)")
        case .changed(let queued): try connection.execute("DELETE FROM search_queue WHERE id IN \(list: queued)")
        case .emptied(let block): try empty(block, connection)
        }
    }

    private func empty(_ block: Int, _ connection: any Connection) throws(DatabaseError) {
        let isEmpty = try connection.query("SELECT id FROM incidents WHERE \(SearchChange.isIn(block)) LIMIT 1").isEmpty
        var deleted = 0
        if isEmpty {
            deleted = try connection.execute(
                """
                DELETE FROM search_grams WHERE block = \(block) AND gram IN (
                  SELECT gram FROM search_grams WHERE block = \(block) ORDER BY gram LIMIT \(SearchBatch.Limits.rows))
                """)
        }
        if deleted < SearchBatch.Limits.rows {
            try connection.execute("DELETE FROM search_emptied WHERE block = \(block)")
        }
    }
}

private let searchRows = RowStatement(
    "INSERT INTO search_grams (block, gram, numbers) SELECT block, gram, numbers FROM",
    ["block": .bigint, "gram": .bigint, "numbers": .bytea],
    "WHERE true ON CONFLICT (block, gram) DO UPDATE SET numbers = excluded.numbers")
