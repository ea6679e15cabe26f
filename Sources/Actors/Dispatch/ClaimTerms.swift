internal import Domain
internal import Providers
internal import Store

/// What one worker asks for when it claims, or when a commit claims for it.
struct ClaimTerms: Sendable {
    /// The maximum number of messages in one claim.
    static let limit = 16

    let provider: any Provider
    let settings: Dispatcher.Settings
    let composer: MessageComposer
    let context: IncidentContext
    let memory: DispatchMemory

    var channels: [Channel] { provider.channels.sorted { $0.rawValue < $1.rawValue } }

    /// The numbers that have had many messages, and until when they wait.
    var pauses: [ContactMethodID: Timestamp] {
        let configuration = context.configuration.current
        return memory.pauses(
            { configuration.budget(of: $0, usual: settings.messagesPerHour) }, at: context.time.now())
    }

    func request(_ permits: Int) -> ClaimRequest {
        var request = ClaimRequest(
            channels: channels, provider: provider.name, limit: permits, bundlingWindow: settings.bundlingWindow)
        (request.pauses, request.served) = (pauses, memory.turns)
        request.linkCode = composer.linkCode
        return request
    }

    /// Takes permits of the provider that are free. Returns nil if no message may leave now.
    func requestNow() async -> ClaimRequest? {
        let permits = await provider.gate.acquireNow(upTo: ClaimTerms.limit)
        return permits > 0 ? request(permits) : nil
    }
}
