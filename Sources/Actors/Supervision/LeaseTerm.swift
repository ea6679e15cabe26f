/// When a lease is good and what its holder does next, as a pure state: instants of the monotonic clock come in, and
/// what to do comes out. `HeldLease` keeps one, `Supervisor` acts on it.
struct LeaseTerm: Sendable {
    /// What its holder does next.
    enum Action: Sendable, Equatable {
        case wait(until: Duration)
        case renew
        /// A part of the duty has made no progress for too long. Another process may fare better.
        case giveUp(Failure)
        /// The lease is over. It never becomes good again.
        case stop
    }

    /// A part that fails.
    struct Failure: Sendable, Equatable {
        let part: String
        let reason: String
        /// When the first of its failures was.
        let since: Duration
    }

    /// Between a failed renewal and the next try.
    static let retryPause: Duration = .milliseconds(250)

    /// How long the database keeps the lease for its holder after each renewal.
    let length: Duration
    /// A part that fails for longer than this makes no progress.
    let patience: Duration
    private(set) var deadline: Duration
    private var renewal: Duration
    private var failing: [String: Failure] = [:]

    /// - Parameter asked: when the lease was asked for. The term is counted from before the request, and ends a tenth
    ///   before the database lets others in.
    init(asked: Duration, length: Duration, patience: Duration) {
        self.length = length
        self.patience = patience
        deadline = asked + length * 9 / 10
        renewal = asked + length * 2 / 5
    }

    func isGood(at now: Duration) -> Bool { now < deadline }

    func next(at now: Duration) -> Action {
        guard isGood(at: now) else { return .stop }
        if let first = failing.values.min(by: { $0.since < $1.since }), now - first.since > patience {
            return .giveUp(first)
        }
        return now < renewal ? .wait(until: min(renewal, deadline)) : .renew
    }

    mutating func renewed(asked: Duration) {
        guard isGood(at: asked) else { return }
        deadline = max(deadline, asked + length * 9 / 10)
        renewal = asked + length * 2 / 5
    }

    /// The database gave no answer. The lease stays good until its deadline.
    mutating func renewalFailed(at now: Duration) { renewal = now + min(LeaseTerm.retryPause, length * 2 / 5) }

    mutating func end() { deadline = .zero }

    /// A part of the duty has done all that was due.
    mutating func succeeded(_ part: String) { failing[part] = nil }

    /// A part of the duty failed and will try again.
    mutating func failed(_ part: String, _ reason: String, at now: Duration) {
        failing[part] = Failure(part: part, reason: reason, since: failing[part]?.since ?? now)
    }
}
