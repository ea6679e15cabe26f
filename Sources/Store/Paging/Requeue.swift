internal import Database
internal import Domain

/// The only way back into the queue: for another try, for what an earlier holder left, for a claim whose answer was lost, and
/// for what comes back with its incident.
///
/// A page that a decision marked as unwanted meanwhile is cancelled instead, as of the decision; one that was postponed
/// waits for its new instant. Both are read from the row that the statement locks, so no decision can slip in between.
struct Requeue {
    /// Which pages, by a condition that names their state.
    var pages: SQL
    /// The instant before which they do not leave.
    var earliest: SQL
    var fault: SQL = "fault"
    var isPossibleDuplicate: SQL = "is_possible_duplicate"
    var attempts: SQL = "attempts"

    var statement: SQL {
        """
        UPDATE pages SET
          state = CASE WHEN unwanted IS NULL THEN 'queued' ELSE 'cancelled' END,
          finished_at = unwanted_at,
          fault = CASE WHEN unwanted IS NULL THEN \(fault) ELSE unwanted END,
          due_at = CASE WHEN due_at < \(earliest) THEN \(earliest) ELSE due_at END,
          is_possible_duplicate = \(isPossibleDuplicate), attempts = \(attempts)
        WHERE \(pages)
        """
    }

    /// The same for any number of pages: they are locked in the order of their ids first.
    ///
    /// - Returns: how many there were.
    func run(on connection: any Connection, _ dialect: Dialect) throws(DatabaseError) -> Int {
        if dialect.name == "postgres" {
            _ = try connection.query("SELECT id FROM pages WHERE \(pages) ORDER BY id \(dialect.lockForUpdate)")
        }
        return try connection.execute(statement)
    }
}
