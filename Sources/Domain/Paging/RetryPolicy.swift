/// When a page that failed for a passing reason is tried again.
package struct RetryPolicy: Sendable, Hashable {
    /// Hand-overs in all, the first one included.
    package var attempts: Int
    /// Before the second hand-over; it doubles with each further one.
    package var firstDelay: Duration
    package var longestDelay: Duration

    package init(attempts: Int = 5, firstDelay: Duration = .seconds(2), longestDelay: Duration = .seconds(60)) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// What follows a failed hand-over.
    package enum Verdict: Sendable, Hashable {
        case retry(after: Duration)
        /// Out of tries.
        case giveUp
    }

    /// - Parameters:
    ///   - attempts: hand-overs so far.
    ///   - retryAfter: what the provider asked for; longer waits are respected up to an hour.
    ///   - jitter: a random number from 0 to 1, which spreads the delay over its upper half.
    package func verdict(attempts made: Int, retryAfter: Duration?, jitter: Double) -> Verdict {
        guard made < attempts else { return .giveUp }
        let doubled = firstDelay * Double(1 << min(max(made - 1, 0), 20))
        let delay = min(doubled, longestDelay) * (0.5 + 0.5 * min(max(jitter, 0), 1))
        return .retry(after: max(delay, min(retryAfter ?? .zero, .hours(1))))
    }
}
