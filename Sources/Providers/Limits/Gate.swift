package import Domain

/// How much a provider can handle.
package struct ProviderLimits: Sendable, Hashable {
    /// Sustained messages per second.
    package var perSecond: Double
    /// Messages in a burst after a quiet time.
    package var burst: Int
    /// Concurrent attempts.
    package var concurrency: Int

    package init(perSecond: Double, burst: Int, concurrency: Int) {
        self.perSecond = perSecond
        self.burst = burst
        self.concurrency = concurrency
    }
}

/// Decides when messages may go to a provider, by rate, concurrency, circuit breaker and the pauses that it asks for.
///
/// Messages do not queue here. The dispatcher first acquires permits and then claims the most urgent pages from the
/// database. An acknowledgement can therefore still cancel any page without a permit.
package actor Gate {
    private let time: TimeSource
    package nonisolated let limits: ProviderLimits
    private let ending = WakeUp()
    private var bucket: TokenBucket
    private var breaker = CircuitBreaker()
    private var awaited = AnswersAwaited()
    private let isOneServer: Bool
    private var destinations = Destinations()
    private var running = 0
    private var pausedUntil: Duration?
    private var counts = (accepted: 0, failed: 0)
    private var lastSuccessAt: Timestamp?
    private var lastFailureAt: Timestamp?
    private var lastFault: String?
    private var lastBlame: Fault.Blame?
    private var lastFailed = false

    /// - Parameter isOneServer: whether a message that is not answered in time says something about the next one. It does
    ///   not if each address has a server of its own, or if several vendors with gates of their own are behind it.
    package init(limits: ProviderLimits, time: TimeSource, isOneServer: Bool = true) {
        self.limits = limits
        self.time = time
        self.isOneServer = isOneServer
        bucket = TokenBucket(perSecond: limits.perSecond, burst: limits.burst, now: time.monotonic())
    }

    /// Waits until at least one message may leave, and takes up to `wanted` permits. One caller at a time.
    ///
    /// - Throws: `CancellationError` only.
    package func acquire(upTo wanted: Int) async throws -> Int {
        while true {
            try Task.checkCancellation()
            let allowed = acquireNow(upTo: wanted)
            if allowed > 0 { return allowed }
            let now = time.monotonic()
            if let wait = wait(at: now) {
                try await time.sleepUntil(now + max(wait, .milliseconds(1)))
            } else {
                await ending.wait()
            }
        }
    }

    /// Takes up to `wanted` permits if a message may leave right now.
    ///
    /// - Returns: 0 if none may.
    package func acquireNow(upTo wanted: Int) -> Int {
        let now = time.monotonic()
        let allowed = allowance(wanted, at: now)
        guard allowed > 0 else { return 0 }
        breaker.begin(at: now)
        bucket.take(allowed)
        running += allowed
        return allowed
    }

    /// Takes one permit if a message may leave right now.
    package func acquireNow() -> Bool { acquireNow(upTo: 1) == 1 }

    /// Returns unused permits.
    package func release(_ count: Int) {
        running -= count
        bucket.take(-count)
        breaker.abandon(at: time.monotonic())
        ending.signal()
    }

    /// Checks whether a message with a permit may go to an address. If the address keeps failing, returns how long to
    /// leave it alone. End a refused message with `release` and an admitted one with `finish`.
    package func admit(_ address: String) -> Duration? {
        if let pause = destinations.admit(address, at: time.monotonic()) { return pause }
        begin(address)
        return nil
    }

    /// Notes that a message with a permit is being handed over, whatever the address did before. End it with `finish`.
    package func begin(_ address: String) { awaited.begin(address, at: time.monotonic()) }

    /// Ends one attempt and applies its receipt.
    ///
    /// - Parameter address: the destination. A fault that concerns only this address neither pauses the provider nor
    ///   opens its breaker.
    package func finish(_ receipt: Receipt, to address: String) {
        let now = time.monotonic()
        countOverdue(at: now)
        running -= 1
        let wasCounted = awaited.end(address) && isOneServer
        switch receipt {
        case .accepted:
            breaker.succeeded()
            destinations.succeeded(address)
            counts.accepted += 1
            lastSuccessAt = time.now()
            lastFailed = false
        case .temporary(let fault, let retryAfter): failed(fault, retryAfter, address, wasCounted, at: now)
        case .unknown(let fault): failed(fault, nil, address, wasCounted, at: now)
        case .permanent(let fault):
            // The provider answered. Its account may have a problem, but it is not down.
            breaker.succeeded()
            destinations.abandon(address, at: now)
            note(fault)
        case .notSent:
            breaker.abandon(at: now)
            destinations.abandon(address, at: now)
        }
        ending.signal()
    }

    /// Whether a message that comes now has to wait at least this long, as far as is known: the provider is failing, has
    /// asked for a pause, or is busy with messages that it does not answer.
    package func isHeldUp(for patience: Duration) -> Bool {
        let now = time.monotonic()
        countOverdue(at: now)
        if let pausedUntil, pausedUntil - now >= patience { return true }
        switch breaker.state {
        case .open, .halfOpen: return true
        case .closed: return running >= limits.concurrency && awaited.overdueCount >= limits.concurrency
        }
    }

    package var health: ProviderHealth {
        countOverdue(at: time.monotonic())
        var state: ProviderHealth.State = lastFailed ? .degraded : .ok
        var triesAgainAt: Timestamp?
        switch breaker.state {
        case .closed: break
        case .halfOpen: state = .failing
        case .open(let until, _):
            state = .failing
            triesAgainAt = time.now() + max(.zero, until - time.monotonic())
        }
        return ProviderHealth(
            state: state, triesAgainAt: triesAgainAt, lastSuccessAt: lastSuccessAt, lastFailureAt: lastFailureAt,
            lastFault: lastFault, lastBlame: lastBlame, accepted: counts.accepted, failed: counts.failed,
            running: running)
    }

    /// Counts answers that have become overdue as failures. One that comes after all closes the breaker again.
    private func countOverdue(at now: Duration) {
        for (address, since) in awaited.overdue(at: now) where isOneServer { breaker.failed(at: since, by: address) }
    }

    /// - Parameter wasCounted: whether it counts as a failure already, because it was overdue.
    private func failed(
        _ fault: Fault, _ retryAfter: Duration?, _ address: String, _ wasCounted: Bool, at now: Duration
    ) {
        note(fault)
        switch fault.scope {
        case .provider:
            if let retryAfter { pausedUntil = max(pausedUntil ?? .zero, now + min(retryAfter, .seconds(60))) }
            if !wasCounted { breaker.failed(at: now, by: address) }
            destinations.abandon(address, at: now)
        case .destination:
            // The provider works well enough to report this.
            breaker.succeeded()
            destinations.failed(address, retryAfter: retryAfter, at: now)
        }
    }

    private func note(_ fault: Fault) {
        counts.failed += 1
        lastFailureAt = time.now()
        lastFault = fault.explanation
        lastBlame = fault.blame
        lastFailed = true
    }

    private func allowance(_ wanted: Int, at now: Duration) -> Int {
        countOverdue(at: now)
        if let pausedUntil, pausedUntil > now { return 0 }
        let room = min(wanted, bucket.available(at: now), limits.concurrency - running)
        return room > 0 ? breaker.allowed(room, at: now) : 0
    }

    /// Returns how long until time alone may change the decision. Nil when an attempt has to end first.
    private func wait(at now: Duration) -> Duration? {
        if let pausedUntil, pausedUntil > now { return pausedUntil - now }
        switch breaker.state {
        case .open(let until, _) where until > now: return until - now
        case .halfOpen: return nil
        case .open, .closed: return running >= limits.concurrency ? nil : bucket.wait
        }
    }
}
