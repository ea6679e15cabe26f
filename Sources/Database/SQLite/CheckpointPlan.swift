/// When to copy the pages of the write-ahead log into the database file, as a pure state.
///
/// SQLite would do it within a commit, every 1,000 pages, and alerts would wait for it. Here another thread does it beside
/// the commits. While there are commits all the time, it may never reach the end of the log, and only then can the log
/// begin anew. So the writer itself copies the rest when the log has reached its limit.
struct CheckpointPlan: Sendable {
    enum Step: Sendable, Equatable {
        case nothing
        /// Another thread copies, and reports with `ended`.
        case beside
        /// The writer copies before its next commit, and reports with `ended`.
        case now
    }

    /// The number of pages that are worth a copy: 4 MiB.
    static let portion = 1_000
    /// From here on every page is worth it: 48 MiB.
    static let urgent = 12_000
    /// The greatest length of the log: 64 MiB.
    static let limit = 16_000

    private var copied = 0
    private var isRunning = false

    /// Decides after a commit.
    ///
    /// - Parameter pages: the length of the log.
    mutating func next(pages: Int) -> Step {
        // The log began anew.
        if pages < copied { copied = 0 }
        let rest = pages - copied
        guard !isRunning, rest > 0 else { return .nothing }
        if pages >= CheckpointPlan.limit {
            isRunning = true
            return .now
        }
        guard rest >= CheckpointPlan.portion || pages >= CheckpointPlan.urgent else { return .nothing }
        isRunning = true
        return .beside
    }

    /// A copy has ended.
    ///
    /// - Parameter copied: how many pages of the log are in the file now. Nil if it failed; the next commit asks again.
    mutating func ended(copied: Int?) {
        isRunning = false
        if let copied { self.copied = copied }
    }
}
