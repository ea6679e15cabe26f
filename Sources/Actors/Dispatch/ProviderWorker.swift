internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store

/// The pages of one provider's channels on their way: permit first, then claim, then hand over.
///
/// A page is claimed only when it may leave at once, so that until then an acknowledgement still cancels it.
struct ProviderWorker: Sendable {
    /// Messages of one claim.
    private static let claimLimit = 16
    private static let sweep: Duration = .seconds(60)

    let provider: any Provider
    let settings: Dispatcher.Settings
    let composer: MessageComposer
    let context: IncidentContext
    let followUp: PageFailureFollowUp
    let logger: Logger
    private let signal = DueSignal()

    init(
        provider: any Provider, settings: Dispatcher.Settings, composer: MessageComposer, context: IncidentContext,
        followUp: PageFailureFollowUp, logger: Logger
    ) {
        self.provider = provider
        self.settings = settings
        self.composer = composer
        self.context = context
        self.followUp = followUp
        self.logger = logger
    }

    func listen(to eventBus: EventBus) {
        let signal = signal
        eventBus.subscribe { if case .pages(let dueAt) = $0 { signal.announce(dueAt) } }
    }

    private var store: Store { context.store }
    private var time: TimeSource { context.time }
    private var channels: [Channel] { provider.channels.sorted { $0.rawValue < $1.rawValue } }

    func run(under held: HeldLease) async {
        await withDiscardingTaskGroup { group in
            while held.isValid && !Task.isCancelled {
                signal.plan(nil)
                do {
                    let didWork =
                        try await settings.isSendingEnabled ? dispatch(under: held, &group) : withhold(under: held)
                    if didWork { continue }
                    signal.plan(try await store.nextPage(channels, bundlingWindow: settings.bundlingWindow))
                    await signal.sleep(atMost: ProviderWorker.sweep, time)
                } catch is CancellationError {
                    return
                } catch {
                    logger.warning(
                        "due pages can't be claimed", metadata: ["provider": "\(provider.name)", "error": "\(error)"])
                    try? await time.sleep(.seconds(1))
                }
            }
        }
    }

    /// - Returns: whether anything was claimed.
    private func dispatch(under held: HeldLease, _ group: inout DiscardingTaskGroup) async throws -> Bool {
        let permits = try await provider.gate.acquire(upTo: ProviderWorker.claimLimit)
        let messages: [ClaimedMessage]
        do {
            let request = ClaimRequest(
                channels: channels, provider: provider.name, limit: permits, bundlingWindow: settings.bundlingWindow)
            switch try await store.claim(request, under: held.lease, at: time.now()) {
            case .claimed(let claimed): messages = claimed
            case .fenced:
                held.end()
                messages = []
            }
        } catch {
            await provider.gate.release(permits)
            throw error
        }
        if messages.count < permits { await provider.gate.release(permits - messages.count) }
        for message in messages { group.addTask { await handOver(message, under: held) } }
        return !messages.isEmpty
    }

    /// One message out, its result stored. What ends without arriving moves its incident on.
    private func handOver(_ claimed: ClaimedMessage, under held: HeldLease) async {
        let startedAt = time.now()
        let start = time.monotonic()
        let configuration = context.configuration.current
        let receipt = await receipt(for: claimed, configuration, under: held)
        await provider.gate.finish(receipt)
        let next = next(after: receipt, claimed)
        let channel = claimed.pages[0].page.channel
        let result = DeliveryAttempt(
            message: claimed, provider: provider.name, receipt: receipt, next: next, startedAt: startedAt,
            duration: time.monotonic() - start,
            receiptDueAt: provider.reportTimeout(for: channel).map { time.now() + $0 },
            people: Dictionary(claimed.pages.map { ($0.page.userID, configuration.name(of: $0.page.userID)) }) {
                first, _ in
                first
            })
        logger.info(
            "page handed over",
            metadata: [
                "message": "\(claimed.id)", "provider": "\(provider.name)", "channel": "\(channel.rawValue)",
                "result": "\(receipt.word)", "pages": "\(claimed.pages.count)",
            ])
        await record(result, under: held)
        if case .retry(let at) = next { signal.announce(at) }
    }

    private func receipt(for claimed: ClaimedMessage, _ configuration: Configuration, under held: HeldLease) async
        -> Receipt
    {
        if let reason = configuration.reasonToDrop(claimed.pages[0].page) {
            return .permanent(Fault(.recipient, reason))
        }
        do {
            let message = try await composer.message(for: claimed, names: configuration)
            return await provider.deliver(message, mayStillSend: { held.isValid })
        } catch {
            return .notSent(reason: "\(error)")
        }
    }

    private func next(after receipt: Receipt, _ claimed: ClaimedMessage) -> DeliveryAttempt.Next {
        switch receipt {
        case .accepted: return .sent
        case .permanent: return .fail
        case .temporary(_, let retryAfter): return retry(claimed, retryAfter)
        // Also what never left waits and comes to an end: its words may be what can't be read.
        case .unknown, .notSent: return retry(claimed, nil)
        }
    }

    private func retry(_ claimed: ClaimedMessage, _ retryAfter: Duration?) -> DeliveryAttempt.Next {
        let attempts = claimed.pages.map(\.page.attempts).max() ?? 1
        switch settings.retry.verdict(attempts: attempts, retryAfter: retryAfter, jitter: time.random()) {
        case .retry(let delay): return .retry(at: time.now() + delay)
        case .giveUp: return .fail
        }
    }

    /// Tries until it is stored or the lease is over; then the next holder sends it again, marked.
    private func record(_ result: DeliveryAttempt, under held: HeldLease) async {
        while true {
            do {
                let ended = try await store.record([result], under: held.lease, at: time.now())
                if let ended { await followUp.moveOn(from: ended) } else { held.end() }
                return
            } catch {
                logger.error(
                    "a hand-over can't be stored", metadata: ["message": "\(result.message.id)", "error": "\(error)"])
                guard held.isValid else { return }
                do { try await time.sleep(.milliseconds(250)) } catch { return }
            }
        }
    }

    private func withhold(under held: HeldLease) async throws(DatabaseError) -> Bool {
        let request = ClaimRequest(channels: channels, provider: provider.name, limit: 100)
        guard let pages = try await store.withhold(request, under: held.lease, at: time.now()) else {
            held.end()
            return false
        }
        let configuration = context.configuration.current
        let entries = pages.compactMap { claimed -> (IncidentID, TimelineEntry)? in
            guard let incident = claimed.incidentID else { return nil }
            let event = TimelineEntry.Event.pageWithheld(
                person: configuration.name(of: claimed.page.userID), channel: claimed.page.channel)
            return (incident, TimelineEntry(at: time.now(), author: .system, event: event))
        }
        if !entries.isEmpty { try await store.append(entries) }
        return !pages.isEmpty
    }
}
