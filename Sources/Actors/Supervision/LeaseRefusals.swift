internal import Domain

/// Requests for a lease that the database refuses, as a pure state. They become rarer, and the log tells of the first one
/// and then of one in a minute.
struct LeaseRefusals: Sendable {
    static let longestPause: Duration = .seconds(5)
    private static let report: Duration = .minutes(1)

    private(set) var count = 0
    private(set) var pause: Duration = .zero
    private var reportedAt: Duration?

    /// - Returns: the number of refusals so far if they must be reported now.
    mutating func add(at now: Duration) -> Int? {
        count += 1
        pause = count == 1 ? .milliseconds(250) : min(pause * 2, LeaseRefusals.longestPause)
        if let reportedAt, now - reportedAt < LeaseRefusals.report { return nil }
        reportedAt = now
        return count
    }

    /// The database answers again.
    ///
    /// - Returns: whether there were refusals.
    mutating func end() -> Bool {
        defer { self = LeaseRefusals() }
        return count > 0
    }
}
