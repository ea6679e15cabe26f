/// A rate limit with bursts. Tokens arrive at a steady rate, and at most `burst` accumulate.
struct TokenBucket: Sendable {
    let perSecond: Double
    let burst: Double
    private var tokens: Double
    private var at: Duration

    /// - Parameter now: monotonic time. The bucket starts full.
    init(perSecond: Double, burst: Int, now: Duration) {
        self.perSecond = perSecond
        self.burst = Double(max(burst, 1))
        tokens = Double(max(burst, 1))
        at = now
    }

    /// Returns the number of whole tokens available now.
    mutating func available(at now: Duration) -> Int {
        tokens = min(burst, tokens + max(0, (now - at) / .seconds(1)) * perSecond)
        at = max(at, now)
        return Int(tokens + 1e-9)
    }

    /// Takes available tokens. A negative count returns unused ones.
    mutating func take(_ count: Int) { tokens = min(burst, tokens - Double(count)) }

    /// The time until the next whole token.
    var wait: Duration { tokens >= 1 ? .zero : .seconds((1 - tokens) / perSecond) }
}
