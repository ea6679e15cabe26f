package import Domain

/// Accepts every message and keeps it instead of sending it. For the demo and for tests.
package actor OutboxProvider: Provider {
    package nonisolated let name = "outbox"
    package nonisolated let channels: Set<Channel>
    package nonisolated let gate: Gate
    /// The maximum number of kept messages. Older ones are dropped.
    package static let limit = 1_000

    /// A message and its time of arrival.
    package struct Kept: Sendable, Hashable {
        package let message: Message
        package let at: Timestamp
    }

    /// The kept messages, oldest first.
    package private(set) var kept: [Kept] = []
    private let time: TimeSource
    private var listeners: [AsyncStream<Message>.Continuation] = []

    package init(channels: Set<Channel> = Set(Channel.allCases), time: TimeSource) {
        self.channels = channels
        self.time = time
        gate = Gate(limits: ProviderLimits(perSecond: 10_000, burst: 1_000, concurrency: 64), time: time)
    }

    package nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        kept.append(Kept(message: message, at: time.now()))
        if kept.count > OutboxProvider.limit { kept.removeFirst() }
        for listener in listeners { listener.yield(message) }
        return .accepted(reference: nil, note: "kept in the outbox")
    }

    /// The kept messages without their times.
    package var messages: [Message] { kept.map(\.message) }

    /// Returns messages from now on, as they arrive.
    package func stream() -> AsyncStream<Message> {
        let (stream, continuation) = AsyncStream<Message>.makeStream()
        listeners.append(continuation)
        return stream
    }
}
