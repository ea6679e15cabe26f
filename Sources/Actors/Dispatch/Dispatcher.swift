package import Domain
package import Logging
package import Providers
internal import Store

/// Hands due pages to their providers and records what came of it. Runs only under the lease.
package struct Dispatcher: Sendable {
    package struct Settings: Sendable {
        /// False: nothing leaves, what is due is withheld.
        package var isSendingEnabled: Bool
        package var retry: RetryPolicy
        /// After a message to a contact method, what comes within this time goes to it as one.
        package var bundlingWindow: Duration
        /// How long an urgent page may wait for its provider before the person's next one leaves; nil: for ever.
        package var patience: Duration?

        /// Until a page has been tried three times.
        package static let usualPatience: Duration = .seconds(10)

        package init(
            isSendingEnabled: Bool = true, retry: RetryPolicy = RetryPolicy(), bundlingWindow: Duration = .seconds(10),
            patience: Duration? = nil
        ) {
            self.isSendingEnabled = isSendingEnabled
            self.retry = retry
            self.bundlingWindow = bundlingWindow
            self.patience = patience
        }
    }

    private let workers: [ProviderWorker]
    private let reports: ReportClock
    private let late: LateClock?
    private let isSendingEnabled: Bool
    private let store: Store
    private let time: TimeSource
    private let logger: Logger

    package init(
        providers: [any Provider], settings: Settings, composer: MessageComposer, context: IncidentContext,
        directory: IncidentDirectory, eventBus: EventBus, logger: Logger
    ) {
        let served = providers.reduce(into: Set<Channel>()) { $0.formUnion($1.channels) }
        let missing = Set(Channel.allCases).subtracting(served)
        let all = missing.isEmpty ? providers : providers + [UnavailableProvider(channels: missing, time: context.time)]
        let followUp = PageFailureFollowUp(store: context.store, directory: directory, logger: logger)
        workers = all.map { provider in
            let worker = ProviderWorker(
                provider: provider, settings: settings, composer: composer, context: context, followUp: followUp,
                logger: logger)
            worker.listen(to: eventBus)
            return worker
        }
        isSendingEnabled = settings.isSendingEnabled
        reports = ReportClock(context: context, followUp: followUp, logger: logger)
        late = settings.patience.map {
            LateClock(
                patience: $0, bundlingWindow: settings.bundlingWindow, context: context, directory: directory,
                logger: logger)
        }
        store = context.store
        time = context.time
        self.logger = logger
    }

    /// Runs until the lease is over or the task is cancelled. Each provider has a worker of its own, so none waits for another.
    func run(under held: HeldLease) async {
        await requeueOrphans(under: held)
        await withTaskGroup(of: Void.self) { group in
            for worker in workers { group.addTask { await worker.run(under: held) } }
            group.addTask { await reports.run(under: held) }
            if let late, isSendingEnabled { group.addTask { await late.run(under: held) } }
            await group.next()
            group.cancelAll()
        }
    }

    /// Pages that an earlier holder claimed and never answered for are sent again, marked.
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
