internal import Database
internal import Domain

/// Finds the incidents in which a term occurs, the newest first.
///
/// The index names incidents that contain the grams of the term. They, and the few incidents that are not in the index as
/// they are now, are compared with the term. So the result is the same whatever is in the index.
struct TextSearch {
    enum Limits {
        /// A term that is shorter than a gram is compared with as many of the newest incidents.
        static let newest = 2_000
        /// Incidents that are compared by one statement.
        static let compared = 256
        /// The first statement reads one block of the index, each further one four times as many, at most this number.
        static let blocks = 64
    }

    /// An incident that was found.
    struct Match: Sendable, Hashable {
        let number: Int
        let state: Incident.State.Name
        let severity: Severity
    }

    let term: SearchTerm
    let connection: any Connection
    let dialect: Dialect

    /// Returns the newest incidents that contain the term, at most `limit`.
    ///
    /// - Parameters:
    ///   - before: only incidents with a lower number. Nil for all.
    ///   - conditions: what else must be true.
    func newest(_ limit: Int, before: Int?, _ conditions: SQL) throws(DatabaseError) -> [Match] {
        let below = before ?? .max
        let grams = term.grams
        guard !grams.isEmpty else { return try shortTerm(limit, below, conditions) }
        // The queue is read first: what the index takes in meanwhile is then found twice rather than not at all.
        let queued = Set(try SearchCoverage.queued(connection))
        let coverage = try SearchCoverage.read(connection)
        // An incident after the last one that got a note is queued.
        let newer = try compare(
            "number > \(coverage.last) AND number < \(below) AND \(conditions)", limit, notes: false)
        let changed = queued.filter { $0 >= coverage.first && $0 < below }.sorted(by: >)
        var found = merged(newer, try compare(changed, limit, conditions))
        if found.count >= limit, found[limit - 1].number > coverage.last { return Array(found.prefix(limit)) }
        let range = coverage.first..<max(coverage.first, min(below, coverage.last + 1))
        found = merged(found, try indexed(grams, range, except: queued, limit, conditions))
        guard found.count < limit, coverage.first > 1 else { return Array(found.prefix(limit)) }
        return found
            + (try compare("number < \(min(below, coverage.first)) AND \(conditions)", limit - found.count))
    }

    /// Returns the matches of both, each once, the newest first.
    private func merged(_ one: [Match], _ other: [Match]) -> [Match] {
        let numbers = Set(one.map(\.number))
        return (one + other.filter { !numbers.contains($0.number) }).sorted { $0.number > $1.number }
    }

    /// Whether `newest` looks at all incidents.
    func reachesAll() throws(DatabaseError) -> Bool {
        guard term.grams.isEmpty else { return true }
        return try connection.query("SELECT 1 AS one FROM incidents ORDER BY number LIMIT 1 OFFSET \(Limits.newest)")
            .isEmpty
    }

    private func shortTerm(_ limit: Int, _ below: Int, _ conditions: SQL) throws(DatabaseError) -> [Match] {
        let last: Int = try connection.query("SELECT MAX(number) AS number FROM incidents").first?.get("number") ?? 0
        let oldest = last - Limits.newest + 1
        var found = try compare("number >= \(oldest) AND number < \(below) AND \(conditions)", limit)
        guard found.count < limit else { return found }
        let rest = min(oldest, below)
        found += try compare(
            "state <> 'resolved' AND number < \(rest) AND \(conditions)", limit - found.count)
        guard let number = term.number, number < rest, !found.contains(where: { $0.number == number }) else {
            return found
        }
        found += try compare([number], 1, conditions)
        return Array(found.sorted { $0.number > $1.number }.prefix(limit))
    }

    /// Goes through the index from the newest block on, until there are enough.
    private func indexed(
        _ grams: [Int64], _ range: Range<Int>, except left: Set<Int>, _ limit: Int, _ conditions: SQL
    ) throws(DatabaseError) -> [Match] {
        var found: [Match] = []
        var (rest, count) = (try blocks(grams, range)[...], 1)
        while !rest.isEmpty && found.count < limit {
            let some = Array(rest.prefix(count))
            let known = try common(grams, some)
            let numbers = some.flatMap { block in
                known[block]?.descending.map { block * BlockNumbers.size + $0 } ?? []
            }
            found += try compare(
                numbers.filter { range.contains($0) && !left.contains($0) }, limit - found.count, conditions)
            (rest, count) = (rest.dropFirst(count), min(count * 4, Limits.blocks))
        }
        // The incident with this number need not contain it.
        if let number = term.number, range.contains(number), !left.contains(number),
            !found.contains(where: { $0.number == number })
        {
            found = (found + (try compare([number], 1, conditions))).sorted { $0.number > $1.number }
        }
        return Array(found.prefix(limit))
    }

    /// Returns the blocks with incidents of a range in which all grams occur, the newest first.
    private func blocks(_ grams: [Int64], _ range: Range<Int>) throws(DatabaseError) -> [Int] {
        guard let last = range.last else { return [] }
        let blocks = range.lowerBound / BlockNumbers.size...last / BlockNumbers.size
        let summaries = (blocks.lowerBound / BlockNumbers.size...blocks.upperBound / BlockNumbers.size).reversed()
        let known = try common(grams, summaries.map(BlockNumbers.summary))
        return summaries.flatMap { part in
            known[BlockNumbers.summary(part)]?.descending.map { part * BlockNumbers.size + $0 } ?? []
        }.filter(blocks.contains)
    }

    /// Returns the places at which all grams occur, in those blocks in which they do. Some incidents there may be gone, or
    /// contain them no more.
    private func common(_ grams: [Int64], _ blocks: [Int]) throws(DatabaseError) -> [Int: BlockNumbers] {
        var common: [Int: (numbers: BlockNumbers, grams: Int)] = [:]
        for row in try connection.query(
            "SELECT block, numbers FROM search_grams WHERE block IN \(list: blocks) AND gram IN \(list: grams)")
        {
            let (block, numbers): (Int, BlockNumbers) = (
                try row.get("block"), BlockNumbers(bytes: try row.get("numbers"))
            )
            guard var known = common[block] else {
                common[block] = (numbers, 1)
                continue
            }
            known.numbers.formIntersection(numbers)
            common[block] = (known.numbers, known.grams + 1)
        }
        return common.filter { $0.value.grams == grams.count }.mapValues(\.numbers)
    }

    /// Returns those of some incidents that contain the term, in the order of the numbers.
    private func compare(
        _ numbers: [Int], _ limit: Int, _ conditions: SQL
    ) throws(DatabaseError) -> [Match] {
        var found: [Match] = []
        var start = 0
        while start < numbers.count && found.count < limit {
            let some = Array(numbers[start..<min(start + Limits.compared, numbers.count)])
            found += try compare("number IN \(list: some) AND \(conditions)", limit - found.count)
            start += some.count
        }
        return found
    }
}
