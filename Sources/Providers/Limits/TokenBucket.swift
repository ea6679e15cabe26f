/// A rate with bursts: tokens come at a steady pace and at most `burst` are kept.
struct TokenBucket: Sendable {
    let perSecond: Double
    let burst: Double
    private var tokens: Double
    private var at: Duration

    /// - Parameter now: monotonic time; the bucket begins full.
    init(perSecond: Double, burst: Int, now: Duration) {
        self.perSecond = perSecond
        self.burst = Double(max(burst, 1))
        tokens = Double(max(burst, 1))
        at = now
    }

    /// Whole tokens that can be taken now.
    mutating func available(at now: Duration) -> Int {
        tokens = min(burst, tokens + max(0, (now - at) / .seconds(1)) * perSecond)
        at = max(at, now)
        return Int(tokens + 1e-9)
    }

    /// Takes tokens that are available, or gives unused ones back.
    mutating func take(_ count: Int) { tokens = min(burst, tokens - Double(count)) }

    /// How long until the next whole token.
    var wait: Duration { tokens >= 1 ? .zero : .seconds((1 - tokens) / perSecond) }
}
