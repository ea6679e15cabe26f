internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store

/// Delivers the pages of one provider's channels: get a permit, then claim, then send.
///
/// A page is claimed only when it can be sent at once. Until then an acknowledgement still cancels it. While the worker
/// sleeps, the commit that makes a page due claims it for the worker.
struct ProviderWorker: Sendable {
    /// How long to wait if other transactions hold all due pages.
    private static let contentionPause: Duration = .milliseconds(20)

    let provider: any Provider
    let settings: Dispatcher.Settings
    private let desk: ClaimDesk
    private let context: IncidentContext
    private let logger: Logger
    private let sender: PageSender
    private let inFlight = MessagesInFlight()
    private let terms: ClaimTerms
    private let idle: IdleWorker
    private let signal: DueSignal

    init(
        provider: any Provider, settings: Dispatcher.Settings, desk: ClaimDesk, composer: MessageComposer,
        context: IncidentContext, followUps: FollowUpWorker, recorder: AttemptRecorder, logger: Logger
    ) {
        self.provider = provider
        self.settings = settings
        self.desk = desk
        self.context = context
        self.logger = logger
        let memory = DispatchMemory()
        sender = PageSender(
            provider: provider, retries: settings.retry, composer: composer, context: context, followUps: followUps,
            recorder: recorder, memory: memory, logger: logger)
        let terms = ClaimTerms(
            provider: provider, settings: settings, composer: composer, context: context, memory: memory)
        let signal = DueSignal()
        (self.terms, self.signal) = (terms, signal)
        idle = IdleWorker(
            channels: terms.channels, request: terms.requestNow, release: { await provider.gate.release($0) }
        ) { next in
            if let next { signal.announce(next) } else { signal.wake() }
        }
    }

    /// Lets commits claim for this worker while it sleeps.
    func offer(to workers: IdleWorkers) {
        if settings.isSendingEnabled { workers.add(idle) }
    }

    func listen(to eventBus: EventBus) {
        let (signal, channels, desk, part, time, idle) = (signal, channels, desk, part, time, idle)
        eventBus.subscribe {
            guard case .pages(let due) = $0, let first = due.first(of: channels) else { return }
            if first > time.now() {
                signal.announce(first)
            } else if !idle.missed() {
                desk.expect(part) { signal.wake() }
            }
        }
    }

    private var store: Store { context.store }
    private var time: TimeSource { context.time }
    /// The name of this part of the duty. A vendor may serve several channels, each with its own worker.
    private var part: String { "dispatch of \(channels.map(\.name).joined(separator: ", ")) by \(provider.name)" }
    private var channels: [Channel] { terms.channels }
    private var memory: DispatchMemory { terms.memory }

    func run(under held: HeldLease) async {
        var watch = LostClaimWatch(at: time.monotonic())
        // Of a routine look it is not expected that anything is due. So it reads before it claims.
        var isRoutine = false
        defer { desk.forget(part) }
        await withDiscardingTaskGroup { group in
            while held.isValid && !Task.isCancelled {
                signal.plan(nil)
                do {
                    let served = try await served(under: held, &group)
                    // Before others are claimed. A routine look comes after, together with those of other workers.
                    if !isRoutine { _ = try await look(&watch, under: held) }
                    let outcome =
                        if let served { served } else if isRoutine { Look.idle } else if settings.isSendingEnabled {
                            try await dispatch(under: held, &group)
                        } else { try await withhold(under: held) }
                    isRoutine = false
                    let hasMore = try await look(&watch, under: held)
                    held.succeeded(part)
                    if hasMore { continue }
                    switch outcome {
                    case .worked: continue
                    case .contended: signal.plan(time.now() + ProviderWorker.contentionPause)
                    case .nothing(let next): signal.plan(next)
                    case .idle:
                        signal.plan(
                            try await store.nextPage(
                                channels, bundlingWindow: settings.bundlingWindow, pauses: terms.pauses))
                    }
                    idle.sleep(under: held)
                    isRoutine = await !signal.sleep(atMost: watch.wait(at: time.monotonic()), time)
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
            // Its messages are recorded as not sent, and wait for the next holder.
            _ = try? await served(under: held, &group)
        }
    }

    private enum Look {
        case worked, contended, idle
        /// Nothing is due before the next page.
        case nothing(next: Timestamp?)
    }

    /// Sends what a commit claimed for the worker while it slept. Returns nil if it has to look for itself.
    private func served(under held: HeldLease, _ group: inout DiscardingTaskGroup) async throws -> Look? {
        guard let given = await idle.rise() else { return nil }
        switch given.result {
        case .success(let result): return await send(result, given.permits, under: held, &group)
        case .failure(let error):
            await provider.gate.release(given.permits)
            throw error
        case nil:
            await provider.gate.release(given.permits)
            return nil
        }
    }

    private func dispatch(under held: HeldLease, _ group: inout DiscardingTaskGroup) async throws -> Look {
        let permits = try await permits()
        let result: ClaimResult
        do {
            result = try await desk.claim(terms.request(permits), for: part, under: held.lease)
        } catch {
            await provider.gate.release(permits)
            throw error
        }
        return await send(result, permits, under: held, &group)
    }

    /// Begins to send what was claimed, and returns the other permits.
    private func send(
        _ result: ClaimResult, _ permits: Int, under held: HeldLease, _ group: inout DiscardingTaskGroup
    ) async -> Look {
        var messages: [ClaimedMessage] = []
        var look = Look.idle
        switch result {
        case .claimed(let claimed): messages = claimed
        case .nothing(let next): look = .nothing(next: next)
        case .contended: look = .contended
        case .fenced: held.end()
        }
        memory.note(messages, at: time.now())
        messages = messages.map(memory.marked)
        if messages.count < permits { await provider.gate.release(permits - messages.count) }
        for message in messages {
            inFlight.insert(message.id)
            group.addTask { [sender, inFlight, signal] in
                await sender.attempt(message, under: held) { next in
                    inFlight.remove(message.id)
                    for case .retry(let at) in next { signal.announce(at) }
                }
            }
        }
        // With permits left, all that is due was claimed.
        return messages.count < permits ? look : .worked
    }

    /// Takes permits of the provider, or waits for one. Others that claim don't wait meanwhile.
    private func permits() async throws -> Int {
        let atOnce = await provider.gate.acquireNow(upTo: ClaimTerms.limit)
        guard atOnce == 0 else { return atOnce }
        desk.forget(part)
        return try await provider.gate.acquire(upTo: ClaimTerms.limit)
    }

    /// Looks for lost claims if it is time. Returns whether pages were queued again.
    private func look(_ watch: inout LostClaimWatch, under held: HeldLease) async throws -> Bool {
        guard watch.isDue(at: time.monotonic()) else { return false }
        let count = try await requeueLostClaims(under: held)
        watch.looked(at: time.monotonic())
        return count > 0
    }

    /// Only this task claims pages of these channels, or a commit while it sleeps. So nobody will send a claimed page that
    /// is not in flight.
    ///
    /// - Returns: how many pages were queued again.
    private func requeueLostClaims(under held: HeldLease) async throws -> Int {
        let look = LostClaimLook(inFlight: inFlight.ids, now: time.now())
        guard try await desk.hasLostClaims(on: channels, look, under: held.lease) else { return 0 }
        let count = try await store.requeueLostClaims(
            of: channels, except: look.inFlight, under: held.lease, at: look.now, hasLeft: memory.hasLeft)
        guard let count else {
            held.end()
            return 0
        }
        if count > 0 { logger.warning("pages of a lost claim were queued again", metadata: ["count": "\(count)"]) }
        return count
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
