internal import Database

/// What is in the index: the incidents from the first number to the last, except for those in the queue.
struct SearchCoverage: Sendable, Hashable {
    var first: Int
    var last: Int

    static func read(_ connection: any Connection) throws(DatabaseError) -> SearchCoverage {
        guard let row = try connection.query("SELECT indexed_from, indexed_to FROM search_progress").first else {
            throw .decoding("the row of search_progress is missing")
        }
        return SearchCoverage(first: try row.get("indexed_from"), last: try row.get("indexed_to"))
    }

    /// The numbers in the queue.
    static func queued(_ connection: any Connection) throws(DatabaseError) -> [Int] {
        try connection.query("SELECT number FROM search_queue").map { (row) throws(DatabaseError) in
            try row.get("number")
        }
    }
}
