package import Domain

/// Delivers messages on the channels that it serves.
package protocol Provider: Actor {
    /// The name in logs, web pages and metrics: `infobip`, `smtp`, `outbox`, ….
    nonisolated var name: String { get }
    nonisolated var channels: Set<Channel> { get }
    /// Rate limit, concurrency limit and circuit breaker. Callers acquire a permit from it before they deliver.
    nonisolated var gate: Gate { get }
    /// The vendors behind it. Only a chain has more than itself.
    nonisolated var vendors: [any Provider] { get }
    /// Returns how long to wait for a delivery report on a channel. Nil when the provider sends none.
    nonisolated func reportTimeout(for channel: Channel) -> Duration?

    /// Delivers a message. It never throws: a failure is a receipt.
    ///
    /// - Parameter mayStillSend: called before connecting and right before the request is written. False gives
    ///   `.notSent`.
    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt
}

extension Provider {
    package nonisolated var vendors: [any Provider] { [self] }

    /// Whether a message that comes now has to wait at least this long, as far as is known.
    package func isHeldUp(for patience: Duration) async -> Bool {
        if await gate.isHeldUp(for: patience) { return true }
        for vendor in vendors where await !vendor.gate.isHeldUp(for: patience) { return false }
        return true
    }
}

/// The state of a provider, for people.
package struct ProviderHealth: Sendable, Hashable {
    package enum State: String, Sendable {
        case ok
        /// The last attempt failed. The provider is still in use.
        case degraded
        /// Several attempts in a row failed. The next one is at `triesAgainAt`.
        case failing
    }

    package var state: State
    package var triesAgainAt: Timestamp?
    package var lastSuccessAt: Timestamp?
    package var lastFailureAt: Timestamp?
    package var lastFault: String?
    /// Who has to act on the last fault.
    package var lastBlame: Fault.Blame?
    package var accepted: Int
    package var failed: Int
    /// The number of attempts in progress.
    package var running: Int
}
