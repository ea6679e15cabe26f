/// Leaves a provider alone that fails again and again, and probes it with one message from time to time.
struct CircuitBreaker: Sendable {
    enum State: Sendable, Hashable {
        case closed(failures: Int)
        case open(until: Duration, pause: Duration)
        /// One probe is under way.
        case halfOpen(pause: Duration)
    }

    /// Failures in a row that open it.
    static let threshold = 5
    static let firstPause: Duration = .seconds(5)
    static let longestPause: Duration = .seconds(60)

    private(set) var state: State = .closed(failures: 0)
    /// Where the failures in a row came from, as far as it has to be known: one address, or several.
    private var origin = Origin.none

    private enum Origin: Sendable {
        case none
        case one(String)
        case several
    }

    /// How many hand-overs it lets through now, of so many that are wanted.
    func allowed(_ wanted: Int, at now: Duration) -> Int {
        switch state {
        case .closed: wanted
        case .open(let until, _): now >= until ? min(wanted, 1) : 0
        case .halfOpen: 0
        }
    }

    /// Notes that hand-overs begin.
    mutating func begin(at now: Duration) {
        if case .open(let until, let pause) = state, now >= until { state = .halfOpen(pause: pause) }
    }

    /// A probe that was never used.
    mutating func abandon(at now: Duration) {
        if case .halfOpen(let pause) = state { state = .open(until: now, pause: pause) }
    }

    mutating func succeeded() {
        state = .closed(failures: 0)
        origin = .none
    }

    /// - Parameter address: whose message it was. As long as all failures are one address's, it does not open: it is
    ///   more likely the address. Nil leaves that open.
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
        case .open: break  // A hand-over that began before it opened.
        }
    }

    private var isWide: Bool { if case .several = origin { true } else { false } }
}
