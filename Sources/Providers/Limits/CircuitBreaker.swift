/// Stops using a provider that keeps failing, and probes it with one message at intervals.
struct CircuitBreaker: Sendable {
    enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: Duration, pause: Duration)
        /// One probe is in progress.
        case halfOpen(pause: Duration)
    }

    /// The number of consecutive failures that open it.
    static let threshold = 5
    static let firstPause: Duration = .seconds(5)
    static let longestPause: Duration = .seconds(60)

    private(set) var state: State = .closed(failures: 0)
    /// Where the consecutive failures came from: one address, or several.
    private var origin = Origin.none

    private enum Origin: Sendable {
        case none
        case one(String)
        case several
    }

    /// Returns how many of the wanted attempts may start now.
    func allowed(_ wanted: Int, at now: Duration) -> Int {
        switch state {
        case .closed: wanted
        case .open(let until, _): now >= until ? min(wanted, 1) : 0
        case .halfOpen: 0
        }
    }

    /// Records that attempts begin.
    mutating func begin(at now: Duration) {
        if case .open(let until, let pause) = state, now >= until { state = .halfOpen(pause: pause) }
    }

    /// Cancels a probe that was not used.
    mutating func abandon(at now: Duration) {
        if case .halfOpen(let pause) = state { state = .open(until: now, pause: pause) }
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        origin = .none
    }

    /// - Parameter address: the address of the message. The breaker stays closed while all failures come from one
    ///   address, since the address is then more likely to be at fault. Nil means unknown.
    mutating func failed(at now: Duration, by address: String? = nil) {
        switch (origin, address) {
        case (.several, _), (_, nil): origin = .several
        case (.none, .some(let address)): origin = .one(address)
        case (.one(let known), .some(let address)): if known != address { origin = .several }
        }
        switch state {
        case .closed(let failures) where failures + 1 >= CircuitBreaker.threshold && isWide:
            state = .open(until: now + CircuitBreaker.firstPause, pause: CircuitBreaker.firstPause)
        case .closed(let failures): state = .closed(failures: failures + 1)
        case .halfOpen(let pause):
            let longer = min(pause * 2, CircuitBreaker.longestPause)
            state = .open(until: now + longer, pause: longer)
        case .open: break  // An attempt that began before it opened.
        }
    }

    private var isWide: Bool { if case .several = origin { true } else { false } }
}
