package import Domain

/// A way out to the world for the channels that it serves.
package protocol Provider: Actor {
    /// `infobip`, `smtp`, `outbox`, …: as the log, the pages and the metrics call it.
    nonisolated var name: String { get }
    nonisolated var channels: Set<Channel> { get }
    /// Rate, concurrency and circuit breaker. Who wants to deliver acquires from it first.
    nonisolated var gate: Gate { get }
    /// How long the provider has to report a delivery over a channel; nil when it never does.
    nonisolated func reportTimeout(for channel: Channel) -> Duration?

    /// Hands a message over. Never throws: a failure is a receipt.
    ///
    /// - Parameter mayStillSend: asked before connecting and right before the request is written; false gives `.notSent`.
    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt
}

/// How a provider is doing, for people.
package struct ProviderHealth: Sendable, Hashable {
    package enum State: String, Sendable {
        case ok
        /// The last hand-over failed; it is still tried.
        case degraded
        /// Several failed in a row; it is tried again at `triesAgainAt`.
        case failing
    }

    package var state: State
    package var triesAgainAt: Timestamp?
    package var lastSuccessAt: Timestamp?
    package var lastFailureAt: Timestamp?
    package var lastFault: String?
    package var accepted: Int
    package var failed: Int
    /// Hand-overs under way.
    package var running: Int
}
