internal import Domain

/// Some incidents to take into the index of texts. It is written part by part. Only the last part makes the index count on it,
/// so that a batch that was interrupted is simply done again.
package struct SearchBatch: Sendable {
    package enum Limits {
        /// New incidents are taken in so many at a time. Until there are as many, a search compares them one by one.
        package static let incidents = 256
        /// Changed incidents are taken in as soon as there are as many.
        package static let changes = 64
        /// Longer texts end a batch. In bytes.
        static let size = 300_000
        /// Rows that one transaction writes.
        static let rows = 1_024
        /// How long a number that has no incident may still get one.
        static let missing: Duration = .hours(1)
    }

    /// What the last part notes.
    enum Purpose: Sendable, Hashable {
        /// The incidents up to this number are in the index. These numbers have no incident yet.
        case newer(last: Int, missing: [Int])
        /// The incidents from this number on are in the index.
        case older(first: Int)
        /// These rows of the queue are done.
        case changed(queued: [String])
        /// A block without incidents loses some rows.
        case emptied(block: Int)
    }

    /// A row of the index.
    struct Row: Sendable, Hashable {
        var block: Int
        var gram: Int64
        var numbers: BlockNumbers
    }

    let purpose: Purpose
    private let rows: [Row]

    init(_ purpose: Purpose, _ texts: [SearchedTexts] = []) {
        self.purpose = purpose
        rows = indexRows(of: texts)
    }

    /// The number of parts, each of which is a transaction.
    package var parts: Int { (rows.count + Limits.rows - 1) / Limits.rows + 1 }

    /// The rows of a part, ordered by block. None for the last part.
    func rows(ofPart part: Int) -> [Row] { Array(rows.dropFirst(part * Limits.rows).prefix(Limits.rows)) }
}

/// Returns the rows that incidents need, ordered by block and gram.
private func indexRows(of texts: [SearchedTexts]) -> [SearchBatch.Row] {
    struct Entry {
        var block: Int32
        var place: Int32
        var gram: Int64
    }
    var entries: [Entry] = []
    var blocks: [Int: Set<Int64>] = [:]
    for incident in texts {
        var grams: Set<Int64> = []
        for field in incident.fields { grams.formUnion(packedGrams(folded(field))) }
        let (block, place) = incident.number.quotientAndRemainder(dividingBy: BlockNumbers.size)
        blocks[block, default: []].formUnion(grams)
        entries += grams.map { Entry(block: Int32(clamping: block), place: Int32(place), gram: $0) }
    }
    for (block, grams) in blocks {
        let (part, place) = block.quotientAndRemainder(dividingBy: BlockNumbers.size)
        entries += grams.map {
            Entry(block: Int32(clamping: BlockNumbers.summary(part)), place: Int32(place), gram: $0)
        }
    }
    entries.sort { ($0.block, $0.gram) < ($1.block, $1.gram) }
    var rows: [SearchBatch.Row] = []
    for entry in entries {
        if rows.last.map({ $0.block == Int(entry.block) && $0.gram == entry.gram }) != true {
            rows.append(SearchBatch.Row(block: Int(entry.block), gram: entry.gram, numbers: BlockNumbers()))
        }
        rows[rows.count - 1].numbers.insert(Int(entry.place))
    }
    return rows
}
