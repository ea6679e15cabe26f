package import Domain
package import Logging
package import Providers
internal import Store

/// Delivers due pages through their providers and records the results. Runs only under the lease.
package struct Dispatcher: Sendable {
    package struct Settings: Sendable {
        /// If false, nothing is sent: due pages are withheld.
        package var isSendingEnabled: Bool
        package var retry: RetryPolicy
        /// After a message to a contact method, pages that come due within this time are bundled into the next message.
        package var bundlingWindow: Duration
        /// How long an urgent page may wait for its provider before the person's next page is sent. Nil waits for ever.
        package var patience: Duration?
        /// Whether to tell the administrators when providers or the queue are in trouble.
        package var tellsOfTrouble: Bool
        /// The number of messages about incidents to one telephone number in an hour. Nil means that there is no limit.
        package var messagesPerHour: Int?

        /// Long enough for two attempts.
        package static let usualPatience: Duration = .seconds(5)

        package init(
            isSendingEnabled: Bool = true, retry: RetryPolicy = RetryPolicy(), bundlingWindow: Duration = .seconds(10),
            patience: Duration? = nil, messagesPerHour: Int? = nil, tellsOfTrouble: Bool = false
        ) {
            self.tellsOfTrouble = tellsOfTrouble
            self.isSendingEnabled = isSendingEnabled
            self.retry = retry
            self.bundlingWindow = bundlingWindow
            self.patience = patience
            self.messagesPerHour = messagesPerHour
        }
    }

    private let workers: [ProviderWorker]
    private let reports: ReportClock
    private let late: LateClock?
    private let watch: OperatorWatch?
    private let companions: [any DutyCompanion]
    private let recorder: AttemptRecorder
    private let isSendingEnabled: Bool
    private let store: Store
    private let time: TimeSource
    private let logger: Logger

    package init(
        providers: [any Provider], settings: Settings, composer: MessageComposer, context: IncidentContext,
        directory: IncidentDirectory, eventBus: EventBus, followUps: FollowUpWorker, recorder: AttemptRecorder,
        idle: IdleWorkers = IdleWorkers(), beat: OperatorWatch.Beat? = nil, companions: [any DutyCompanion] = [],
        logger: Logger
    ) {
        self.companions = companions
        let served = providers.reduce(into: Set<Channel>()) { $0.formUnion($1.channels) }
        let missing = Set(Channel.allCases).subtracting(served)
        let all = missing.isEmpty ? providers : providers + [UnavailableProvider(channels: missing, time: context.time)]
        let desk = ClaimDesk(
            time: context.time,
            claim: { [store = context.store, time = context.time] in
                try await store.claim($0, under: $1, at: time.now())
            },
            lostClaims: { [store = context.store] in
                try await store.channelsOfLostClaims(except: $0.inFlight, under: $1, at: $0.now)
            })
        workers = all.map { provider in
            let worker = ProviderWorker(
                provider: provider, settings: settings, desk: desk, composer: composer, context: context,
                followUps: followUps, recorder: recorder, logger: logger)
            worker.listen(to: eventBus)
            worker.offer(to: idle)
            return worker
        }
        watch = OperatorWatch(
            providers: providers, tells: settings.tellsOfTrouble && settings.isSendingEnabled, beat: beat,
            context: context, eventBus: eventBus, logger: logger)
        isSendingEnabled = settings.isSendingEnabled
        reports = ReportClock(context: context, followUps: followUps, logger: logger)
        late = settings.patience.map {
            LateClock(
                patience: $0, bundlingWindow: settings.bundlingWindow, providers: providers, context: context,
                directory: directory, logger: logger)
        }
        late?.listen(to: eventBus)
        self.recorder = recorder
        store = context.store
        time = context.time
        self.logger = logger
    }

    /// Runs until the lease ends or the task is cancelled. Each provider has its own worker, so none waits for another.
    func run(under held: HeldLease) async {
        await storeKeptResults(under: held)
        await requeueOrphans(under: held)
        await withTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { await worker.run(under: held) } }
            group.addTask { await reports.run(under: held) }
            if let watch { group.addTask { await watch.run(under: held) } }
            for companion in companions { group.addTask { await companion.run(under: held) } }
            if let late, isSendingEnabled { group.addTask { await late.run(under: held) } }
            await group.next()
            group.cancelAll()
        }
        // Before the lease is released and another process sends these pages again.
        _ = await recorder.storeKept()
    }

    /// Stores results of attempts under an earlier lease first, so that their pages don't count as abandoned.
    private func storeKeptResults(under held: HeldLease) async {
        while held.isValid && !Task.isCancelled {
            if await recorder.storeKept() { return }
            try? await time.sleep(.milliseconds(250))
        }
    }

    /// Requeues the pages that an earlier holder claimed but never recorded, marked as possible duplicates.
    private func requeueOrphans(under held: HeldLease) async {
        while held.isValid && !Task.isCancelled {
            do {
                let count = try await store.requeueOrphans(under: held.lease, at: time.now())
                if let count, count > 0 {
                    logger.warning("pages of an earlier holder are sent again", metadata: ["count": "\(count)"])
                }
                return
            } catch {
                logger.warning("claimed pages can't be read", metadata: ["error": "\(error)"])
                try? await time.sleep(.seconds(1))
            }
        }
    }
}
