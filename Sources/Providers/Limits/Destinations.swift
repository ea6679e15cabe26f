/// Tracks addresses that fail while their provider works: a webhook that is down, a mailbox that is full. Each has its
/// own breaker, so it does not hold up other messages.
struct Destinations: Sendable {
    /// The maximum number of addresses. Beyond it, those with the oldest failures are forgotten.
    static let limit = 10_000

    private struct Entry {
        var breaker = CircuitBreaker()
        /// Until when the address itself asked to pause.
        var pausedUntil: Duration = .zero
        var failedAt: Duration
    }

    private var entries: [String: Entry] = [:]

    /// The number of addresses that failed and have not succeeded since.
    var count: Int { entries.count }

    /// Lets a message to an address through, or returns how long to leave the address alone.
    mutating func admit(_ address: String, at now: Duration) -> Duration? {
        guard var entry = entries[address] else { return nil }
        if entry.pausedUntil > now { return entry.pausedUntil - now }
        guard entry.breaker.allowed(1, at: now) == 1 else {
            if case .open(let until, _) = entry.breaker.state { return until - now }
            return CircuitBreaker.firstPause  // Another message tries it right now.
        }
        entry.breaker.begin(at: now)
        entries[address] = entry
        return nil
    }

    mutating func succeeded(_ address: String) { entries[address] = nil }

    /// Cancels a message that was admitted but never sent.
    mutating func abandon(_ address: String, at now: Duration) { entries[address]?.breaker.abandon(at: now) }

    /// - Parameter retryAfter: the pause that the address asked for.
    mutating func failed(_ address: String, retryAfter: Duration?, at now: Duration) {
        var entry = entries[address] ?? Entry(failedAt: now)
        entry.failedAt = now
        entry.breaker.failed(at: now)
        if let retryAfter { entry.pausedUntil = max(entry.pausedUntil, now + min(retryAfter, .seconds(60))) }
        entries[address] = entry
        if entries.count > Destinations.limit { forgetOldest() }
    }

    /// Removes a tenth at once, so that it runs rarely.
    private mutating func forgetOldest() {
        let byAge = entries.sorted { ($0.value.failedAt, $0.key) < ($1.value.failedAt, $1.key) }
        for (address, _) in byAge.prefix(Destinations.limit / 10) { entries[address] = nil }
    }
}
