internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store

/// Delivers the pages of one provider's channels: get a permit, then claim, then send.
///
/// A page is claimed only when it can be sent at once. Until then an acknowledgement still cancels it.
struct ProviderWorker: Sendable {
    /// The maximum number of messages in one claim.
    private static let claimLimit = 16
    private static let sweep: Duration = .seconds(60)
    /// How long to wait if other transactions hold all due pages.
    private static let contentionPause: Duration = .milliseconds(20)

    let provider: any Provider
    let settings: Dispatcher.Settings
    private let desk: ClaimDesk
    let composer: MessageComposer
    let context: IncidentContext
    let followUps: FollowUpWorker
    let logger: Logger
    private let recorder: AttemptRecorder
    private let inFlight = MessagesInFlight()
    private let memory = DispatchMemory()
    private let signal = DueSignal()

    init(
        provider: any Provider, settings: Dispatcher.Settings, desk: ClaimDesk, composer: MessageComposer,
        context: IncidentContext, followUps: FollowUpWorker, recorder: AttemptRecorder, logger: Logger
    ) {
        self.provider = provider
        self.settings = settings
        self.desk = desk
        self.composer = composer
        self.context = context
        self.followUps = followUps
        self.recorder = recorder
        self.logger = logger
    }

    func listen(to eventBus: EventBus) {
        let (signal, channels, desk, part, time) = (signal, channels, desk, part, time)
        eventBus.subscribe {
            guard case .pages(let due) = $0, let first = due.first(of: channels) else { return }
            if first <= time.now() { desk.expect(part) { signal.announce(first) } } else { signal.announce(first) }
        }
    }

    private var store: Store { context.store }
    private var time: TimeSource { context.time }
    /// The name of this part of the duty. A vendor may serve several channels, each with its own worker.
    private var part: String { "dispatch of \(channels.map(\.name).joined(separator: ", ")) by \(provider.name)" }
    private var channels: [Channel] { provider.channels.sorted { $0.rawValue < $1.rawValue } }

    func run(under held: HeldLease) async {
        var watch = LostClaimWatch(at: time.monotonic())
        defer { desk.forget(part) }
        await withDiscardingTaskGroup { group in
            while held.isValid && !Task.isCancelled {
                signal.plan(nil)
                do {
                    if watch.isDue(at: time.monotonic()) {
                        try await requeueLostClaims(under: held)
                        watch.looked(at: time.monotonic())
                    }
                    let outcome =
                        try await settings.isSendingEnabled ? dispatch(under: held, &group) : withhold(under: held)
                    held.succeeded(part)
                    switch outcome {
                    case .worked: continue
                    case .contended: signal.plan(time.now() + ProviderWorker.contentionPause)
                    case .idle:
                        signal.plan(
                            try await store.nextPage(
                                channels, bundlingWindow: settings.bundlingWindow, pauses: pauses))
                    }
                    await signal.sleep(atMost: min(ProviderWorker.sweep, watch.wait(at: time.monotonic())), time)
                } catch is CancellationError {
                    return
                } catch {
                    desk.forget(part)
                    watch.answerWasLost(at: time.monotonic())
                    held.failed(part, error)
                    logger.warning(
                        "due pages can't be claimed", metadata: ["provider": "\(provider.name)", "error": "\(error)"])
                    try? await time.sleep(.seconds(1))
                }
            }
        }
    }

    private enum Look { case worked, contended, idle }

    private func dispatch(under held: HeldLease, _ group: inout DiscardingTaskGroup) async throws -> Look {
        let permits = try await permits()
        let result: ClaimResult
        do {
            var request = ClaimRequest(
                channels: channels, provider: provider.name, limit: permits, bundlingWindow: settings.bundlingWindow)
            (request.pauses, request.served) = (pauses, memory.turns)
            request.linkCode = composer.linkCode
            result = try await desk.claim(request, for: part, under: held.lease)
        } catch {
            await provider.gate.release(permits)
            throw error
        }
        var messages: [ClaimedMessage] = []
        var look = Look.idle
        switch result {
        case .claimed(let claimed): messages = claimed
        case .contended: look = .contended
        case .fenced: held.end()
        }
        memory.note(messages, at: time.now())
        messages = messages.map(memory.marked)
        if messages.count < permits { await provider.gate.release(permits - messages.count) }
        for message in messages {
            inFlight.insert(message.id)
            group.addTask { await attempt(message, under: held) }
        }
        // With permits left, all that is due was claimed.
        return messages.count < permits ? look : .worked
    }

    /// Takes permits of the provider, or waits for one. Others that claim don't wait meanwhile.
    private func permits() async throws -> Int {
        let atOnce = await provider.gate.acquireNow(upTo: ProviderWorker.claimLimit)
        guard atOnce == 0 else { return atOnce }
        desk.forget(part)
        return try await provider.gate.acquire(upTo: ProviderWorker.claimLimit)
    }

    /// The numbers that have had many messages, and until when they wait.
    private var pauses: [ContactMethodID: Timestamp] {
        let configuration = context.configuration.current
        return memory.pauses({ configuration.budget(of: $0, usual: settings.messagesPerHour) }, at: time.now())
    }

    /// Only this task claims pages of these channels, so nobody will send a claimed page that is not in flight.
    private func requeueLostClaims(under held: HeldLease) async throws(DatabaseError) {
        let now = time.now()
        let count = try await store.requeueLostClaims(
            of: channels, except: inFlight.ids, under: held.lease, at: now, hasLeft: memory.hasLeft)
        guard let count else { return held.end() }
        if count > 0 { logger.warning("pages of a lost claim were queued again", metadata: ["count": "\(count)"]) }
    }

    /// Sends one message and stores the result. Pages that end without being delivered move their incidents on.
    private func attempt(_ claimed: ClaimedMessage, under held: HeldLease) async {
        let look = await composer.lastLook(at: claimed)
        let (wanted, withdrawn) = split(claimed, look.withdrawn)
        var results = withdrawn
        if let wanted {
            results.append(await deliver(wanted, look, under: held))
        } else {
            await provider.gate.release(1)
        }
        let next = results.map(\.next)
        await recorder.record(results) { [inFlight, signal, followUps] ended in
            inFlight.remove(claimed.id)
            for case .retry(let at) in next { signal.announce(at) }
            await followUps.perform(ended.compactMap(\.followUp))
        }
    }

    /// Splits a message that is about to leave into the pages still wanted and the results for the others.
    private func split(_ claimed: ClaimedMessage, _ reasons: [PageID: String]) -> (ClaimedMessage?, [DeliveryAttempt]) {
        guard !reasons.isEmpty else { return (claimed, []) }
        var wanted = claimed
        wanted.pages.removeAll { reasons[$0.page.id] != nil }
        let results = claimed.pages.compactMap { page -> DeliveryAttempt? in
            guard let reason = reasons[page.page.id] else { return nil }
            var message = claimed
            message.pages = [page]
            let now = time.now()
            return DeliveryAttempt(
                message: message, provider: provider.name, receipt: .notSent(reason: reason), next: .retry(at: now),
                startedAt: now, duration: .zero, receiptDueAt: nil, people: [:])
        }
        return (wanted.pages.isEmpty ? nil : wanted, results)
    }

    private func deliver(_ claimed: ClaimedMessage, _ look: LastLook, under held: HeldLease) async -> DeliveryAttempt {
        let startedAt = time.now()
        let start = time.monotonic()
        let configuration = context.configuration.current
        let receipt = await receipt(for: claimed, look, configuration, under: held)
        if receipt.mayHaveLeft { memory.noteLeft(claimed) }
        let channel = claimed.pages[0].page.channel
        context.deliveries.count(channel, receipt.word, time.monotonic() - start)
        logger.info(
            "attempted a page",
            metadata: [
                "message": "\(claimed.id)", "provider": "\(provider.name)", "channel": "\(channel.rawValue)",
                "result": "\(receipt.word)", "pages": "\(claimed.pages.count)",
            ])
        return DeliveryAttempt(
            message: claimed, provider: provider.name, receipt: receipt, next: next(after: receipt, claimed),
            startedAt: startedAt, duration: time.monotonic() - start,
            receiptDueAt: provider.reportTimeout(for: channel).map { time.now() + $0 },
            people: Dictionary(
                claimed.pages.map { ($0.page.userID, configuration.name(of: $0.page.userID)) }
            ) { first, _ in first })
    }

    private func receipt(
        for claimed: ClaimedMessage, _ look: LastLook, _ configuration: Configuration, under held: HeldLease
    ) async -> Receipt {
        let page = claimed.pages[0].page
        // A page dropped here says nothing about the provider's health.
        if let reason = configuration.reasonToDrop(page) {
            await provider.gate.release(1)
            return .permanent(Fault(.recipient, reason))
        }
        let message: Message
        do {
            message = try composer.message(for: claimed, look, names: configuration)
        } catch {
            await provider.gate.release(1)
            return .notSent(reason: "\(error)")
        }
        if let pause = await provider.gate.admit(page.address) {
            await provider.gate.release(1)
            let words = "This address has failed repeatedly. The next attempt is possible in \(pause.words)."
            return .permanent(Fault(.recipient, words))
        }
        let receipt = await provider.deliver(message, mayStillSend: { held.isValid })
        await provider.gate.finish(receipt, to: page.address)
        return receipt
    }

    private func next(after receipt: Receipt, _ claimed: ClaimedMessage) -> DeliveryAttempt.Next {
        switch receipt {
        case .accepted: return .sent
        case .permanent: return .fail
        case .temporary(let fault, let retryAfter): return retry(claimed, retryAfter, isDoubtful: fault.isDoubtful)
        // Retry even what was not sent, because retries are limited: its text may be the part that can't be read.
        case .unknown, .notSent: return retry(claimed, nil)
        }
    }

    private func retry(
        _ claimed: ClaimedMessage, _ retryAfter: Duration?, isDoubtful: Bool = false
    ) -> DeliveryAttempt.Next {
        let attempts = claimed.pages.map(\.page.attempts).max() ?? 1
        switch settings.retry.verdict(
            attempts: attempts, retryAfter: retryAfter, isDoubtful: isDoubtful, jitter: time.random())
        {
        case .retry(let delay): return .retry(at: time.now() + delay)
        case .giveUp: return .fail
        }
    }

    private func withhold(under held: HeldLease) async throws(DatabaseError) -> Look {
        let request = ClaimRequest(channels: channels, provider: provider.name, limit: 100)
        guard let pages = try await store.withhold(request, under: held.lease, at: time.now()) else {
            held.end()
            return .idle
        }
        let configuration = context.configuration.current
        let entries = pages.compactMap { claimed -> (IncidentID, TimelineEntry)? in
            guard let incident = claimed.incidentID else { return nil }
            let event = TimelineEntry.Event.pageWithheld(
                person: configuration.name(of: claimed.page.userID), channel: claimed.page.channel)
            return (incident, TimelineEntry(at: time.now(), author: .system, event: event))
        }
        if !entries.isEmpty { try await store.append(entries) }
        return pages.isEmpty ? .idle : .worked
    }
}
