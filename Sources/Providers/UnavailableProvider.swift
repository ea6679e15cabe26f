package import Domain

/// Serves channels that have no provider. Their pages fail at once with advice on what to configure, so the person's
/// next page follows without delay.
package actor UnavailableProvider: Provider {
    package nonisolated let name = "none"
    package nonisolated let channels: Set<Channel>
    package nonisolated let gate: Gate

    package init(channels: Set<Channel>, time: TimeSource) {
        self.channels = channels
        gate = Gate(limits: ProviderLimits(perSecond: 1_000, burst: 1_000, concurrency: 16), time: time)
    }

    package nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        let channel = message.channel.definition
        return .permanent(Fault(.account, "No provider is set up for \(channel.name). \(channel.advice)"))
    }
}
