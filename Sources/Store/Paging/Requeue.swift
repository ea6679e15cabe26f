internal import Database
internal import Domain

/// Returns pages to the queue, and is the only code that does. It handles retries, pages left behind by an earlier
/// leaseholder, claims whose answer was lost, and pages that come back with their incident.
///
/// A page that a decision marked as unwanted is cancelled instead, at the time of that decision. A postponed page waits
/// for its new time. The statement locks the row that it reads, so no decision can come in between.
struct Requeue {
    /// Selects the pages, by a condition that includes their state.
    var pages: SQL
    /// The earliest time at which they may leave.
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

    /// Requeues any number of pages. It first locks them in the order of their ids.
    ///
    /// - Returns: the number of pages.
    func run(on connection: any Connection, _ dialect: Dialect) throws(DatabaseError) -> Int {
        if dialect.name == "postgres" {
            _ = try connection.query("SELECT id FROM pages WHERE \(pages) ORDER BY id \(dialect.lockForUpdate)")
        }
        return try connection.execute(statement)
    }
}
