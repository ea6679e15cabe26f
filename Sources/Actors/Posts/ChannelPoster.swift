internal import Database
package import Domain
package import Logging
package import Providers
internal import Store
internal import Synchronization

/// Shows incidents in the channels of teams. It has providers of its own, so that no post takes a permit, a pause or a
/// thread from a page to a person. Runs only under the lease.
package struct ChannelPoster: DutyCompanion {
    /// After this time without a result, a post is due again.
    private static let patience: Duration = .seconds(90)
    private static let sweep: Duration = .seconds(60)
    private static let limit = 32

    private let providers: [Channel: any Provider]
    private let composer: PostComposer
    private let isSendingEnabled: Bool
    private let retry: RetryPolicy
    private let context: IncidentContext
    private let eventBus: EventBus
    private let logger: Logger
    private let signal = DueSignal()
    private let busy = Busy()

    /// - Parameter providers: not those of pages.
    package init(
        providers: [any Provider], composer: PostComposer, isSendingEnabled: Bool, retry: RetryPolicy,
        context: IncidentContext, eventBus: EventBus, logger: Logger
    ) {
        var served: [Channel: any Provider] = [:]
        for provider in providers {
            for channel in provider.channels where channel.servesTeams && served[channel] == nil {
                served[channel] = provider
            }
        }
        self.providers = served
        self.composer = composer
        self.isSendingEnabled = isSendingEnabled
        self.retry = retry
        self.context = context
        self.eventBus = eventBus
        self.logger = logger
        let (signal, time) = (signal, context.time)
        eventBus.subscribe { if case .posts = $0 { signal.announce(time.now()) } }
    }

    package func run(under held: HeldLease) async {
        let part = DutyPart(
            name: "posts in channels", trouble: "posts can't be read", time: context.time, logger: logger)
        await withDiscardingTaskGroup { group in
            await part.run(under: held) {
                signal.plan(nil)
                guard isSendingEnabled else { return .signal(signal, atMost: ChannelPoster.sweep) }
                let taken = try await context.store.takePosts(
                    except: busy.channels, patience: ChannelPoster.patience, limit: ChannelPoster.limit,
                    under: held.lease, at: context.time.now())
                guard let posts = taken else {
                    held.end()
                    return .none
                }
                for post in posts {
                    busy.insert(post.channelID)
                    group.addTask {
                        await attempt(post, under: held)
                        busy.remove(post.channelID)
                        signal.announce(context.time.now())
                    }
                }
                // The posts of a busy channel follow when it is free.
                let next = try await context.store.nextPost(except: busy.channels)
                signal.plan(next)
                return .signal(signal, atMost: ChannelPoster.sweep)
            }
        }
    }

    /// Sends one message and stores the result. Until then the post is due again later, whatever happens here.
    private func attempt(_ post: Post, under held: HeldLease) async {
        do {
            let configuration = context.configuration.current
            guard let channel = configuration.teamChannels[post.channelID],
                let incident = try await context.store.incident(post.incidentID)
            else { return try await context.store.forget(post) }
            let state = incident.postState
            guard channel.isUsable, post.action(for: state) != .nothing else {
                return try await context.store.settle(post, at: context.time.now())
            }
            let message = composer.message(for: post, incident, in: channel, configuration)
            let receipt = await deliver(message, under: held)
            let later = PostResult.postponed(until: context.time.now() + .seconds(1))
            let result = receipt.map { self.result(of: $0, post, state) } ?? later
            try await context.store.record(result, of: post, at: context.time.now())
            if case .failed(let fault, nil) = result {
                let words = "the post to \(channel.name) failed: \(fault)"
                let entry = TimelineEntry(at: context.time.now(), author: .system, event: .movedOn(explanation: words))
                try await context.store.append([(incident.id, entry)])
                eventBus.publish(.incidents([incident.id]))
            }
        } catch {
            logger.warning(
                "a post can't be stored", metadata: ["channel": "\(post.channelID)", "error": "\(error)"])
        }
    }

    /// Returns nil when the provider is busy or pausing.
    private func deliver(_ message: Message, under held: HeldLease) async -> Receipt? {
        guard let provider = providers[message.channel] else {
            let advice = message.channel.definition.advice
            return .permanent(Fault(.account, "No provider is set up for \(message.channel.name). \(advice)"))
        }
        return await provider.deliverAtOnce(message, mayStillSend: { held.isValid })
    }

    private func result(of receipt: Receipt, _ post: Post, _ state: Post.State) -> PostResult {
        switch receipt {
        case .accepted(let reference, _): return .posted(state, reference: reference ?? post.reference)
        case .permanent(let fault):
            // Somebody has deleted the message, or it is too old to be edited.
            let isLost = post.reference != nil && (fault.blame == .message || fault.blame == .recipient)
            return isLost ? .lost : .failed(fault: fault.explanation, retryAt: nil)
        case .temporary(let fault, let pause): return retry(post, fault.explanation, pause, fault.isDoubtful)
        case .unknown(let fault): return retry(post, fault.explanation, nil, false)
        case .notSent(let reason): return .failed(fault: reason, retryAt: context.time.now() + .seconds(1))
        }
    }

    private func retry(_ post: Post, _ fault: String, _ pause: Duration?, _ isDoubtful: Bool) -> PostResult {
        let verdict = retry.verdict(
            attempts: post.attempts, retryAfter: pause, isDoubtful: isDoubtful, jitter: context.time.random())
        switch verdict {
        case .retry(let delay): return .failed(fault: fault, retryAt: context.time.now() + delay)
        case .giveUp: return .failed(fault: fault, retryAt: nil)
        }
    }

    /// The channels in which a message is on its way.
    private final class Busy: Sendable {
        private let ids = Mutex<Set<TeamChannelID>>([])

        var channels: Set<TeamChannelID> { ids.withLock { $0 } }
        func insert(_ id: TeamChannelID) { ids.withLock { _ = $0.insert(id) } }
        func remove(_ id: TeamChannelID) { ids.withLock { _ = $0.remove(id) } }
    }
}

extension ChannelPoster {
    /// Posts the message with a channel's code, from any process and at once, so that people see what the vendor said.
    ///
    /// - Returns: why it failed, as a sentence. Nil when the vendor accepted it.
    package func test(_ code: String, in channel: TeamChannel) async -> String? {
        guard isSendingEnabled else { return "Sending is disabled, so nothing can be posted." }
        guard let provider = providers[channel.channel] else {
            return "No provider is set up for \(channel.channel.name). \(channel.channel.definition.advice)"
        }
        let message = composer.test(code, for: channel, context.configuration.current)
        switch await provider.deliverAtOnce(message) {
        case nil: return "The provider is busy or pausing. Try again in a minute."
        case .accepted: return nil
        case .temporary(let fault, _), .permanent(let fault), .unknown(let fault): return fault.explanation
        case .notSent(let reason): return reason
        }
    }
}
