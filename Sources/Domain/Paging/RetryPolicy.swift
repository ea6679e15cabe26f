/// When to retry a page that failed for a passing reason.
package struct RetryPolicy: Sendable, Hashable {
    /// The maximum number of attempts, including the first.
    package var attempts: Int
    /// The maximum number of attempts if another one will most likely fail too.
    package static let doubtfulAttempts = 2
    /// The delay before the second attempt. It doubles with each further attempt.
    package var firstDelay: Duration
    package var longestDelay: Duration

    package init(attempts: Int = 5, firstDelay: Duration = .seconds(2), longestDelay: Duration = .seconds(60)) {
        self.attempts = attempts
        self.firstDelay = firstDelay
        self.longestDelay = longestDelay
    }

    /// What to do after a failed attempt.
    package enum Verdict: Sendable, Hashable {
        case retry(after: Duration)
        /// No attempts are left.
        case giveUp
    }

    /// - Parameters:
    /// - attempts: the number of attempts so far.
    /// - retryAfter: the wait that the provider asked for. It is respected up to an hour. Who still refuses after two
    ///   such waits gets twice as long: a greylist of five minutes outlasts four waits of one.
    /// - isDoubtful: whether another attempt will most likely fail too.
    /// - jitter: a random number from 0 to 1. It spreads the delay over its upper half.
    package func verdict(attempts made: Int, retryAfter: Duration?, isDoubtful: Bool = false, jitter: Double) -> Verdict
    {
        guard made < (isDoubtful ? min(attempts, RetryPolicy.doubtfulAttempts) : attempts) else { return .giveUp }
        let doubled = firstDelay * Double(1 << min(max(made - 1, 0), 20))
        let delay = min(doubled, longestDelay) * (0.5 + 0.5 * min(max(jitter, 0), 1))
        let asked = (retryAfter ?? .zero) * (made > 2 ? 2 : 1)
        return .retry(after: max(delay, min(asked, .hours(1))))
    }
}
