internal import Database
internal import Domain
package import Logging
package import Providers
internal import ServiceLifecycle
package import Store

/// Tells the administrators of what the holder of a duty can't tell: that a duty has no holder, or that this host's clock
/// is wrong. It runs in every process, with or without a duty. The database makes sure that only one of them tells.
package struct ProcessWatch: Service {
    /// Describes what is wrong with the clocks of this host and the database.
    package typealias Clocks = @Sendable () -> [String]

    private static let interval: Duration = .seconds(30)

    private let providers: [any Provider]
    private let clocks: Clocks
    private let host: String
    private let context: IncidentContext
    private let eventBus: EventBus
    private let logger: Logger

    /// - Parameters:
    ///   - providers: for the notice that nobody dispatches, which has to leave past the queue.
    ///   - host: the name of this host.
    package init(
        providers: [any Provider], clocks: @escaping Clocks, host: String, context: IncidentContext,
        eventBus: EventBus, logger: Logger
    ) {
        self.providers = providers
        self.clocks = clocks
        self.host = host
        self.context = context
        self.eventBus = eventBus
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var watch = TroubleWatch()
            while !Task.isCancelled {
                do {
                    try await look(&watch)
                } catch {
                    logger.warning("the duties can't be read", metadata: ["error": "\(error)"])
                }
                try? await context.time.sleep(ProcessWatch.interval)
            }
        }
    }

    private func look(_ watch: inout TroubleWatch) async throws(DatabaseError) {
        let leases = try await context.store.leaseStatuses(.lease)
        let unheld = Lease.Duty.allCases.filter { leases[$0]?.isHeld != true }
        let troubles =
            unheld.map { Trouble(name: "duty \($0.rawValue)", text: $0.absence) }
            + clocks().map { Trouble(name: "clock of \(host)", text: "\(host): \($0)") }
        // Only what was told counts as told. The rest follows with the next look.
        var next = watch
        for news in next.look(troubles, at: context.time.now()) {
            try await tell(news, isDispatched: !unheld.contains(.dispatch))
        }
        watch = next
    }

    /// Tells one trouble, unless another process has.
    private func tell(_ news: Trouble, isDispatched: Bool) async throws(DatabaseError) {
        let now = context.time.now()
        let text = "PagerPal: \(news.text)"
        let ways = context.configuration.current.waysToAdministrators(avoiding: [])
        let queued = isDispatched ? ways : []
        let isOurs =
            news.isOver
            ? try await context.store.endAlarm(news.name, telling: text, to: queued, at: now)
            : try await context.store.beginAlarm(
                news.name, unlessSince: now - TroubleWatch.interval, telling: text, to: queued, at: now)
        guard isOurs else { return }
        logger.warning("trouble", metadata: ["name": "\(news.name)", "text": "\(news.text)"])
        if isDispatched {
            eventBus.publish(.pages(dueAt: now))
        } else {
            for way in ways { await send(text, to: way) }
        }
    }

    /// Sends past the queue, which nobody serves.
    private func send(_ text: String, to way: ContactMethod) async {
        guard let provider = providers.first(where: { $0.channels.contains(way.channel) }) else { return }
        let message = Message(
            id: "alarm-" + sha256("\(way.id) \(text) \(context.time.now().seconds)").prefix(30), channel: way.channel,
            address: way.address, urgency: .high, subject: String(text.prefix(200)), shortText: text, text: text)
        guard let receipt = await provider.deliverAtOnce(message) else { return }
        if case .accepted = receipt { return }
        logger.error(
            "an administrator could not be told", metadata: ["channel": "\(way.channel.rawValue)", "text": "\(text)"])
    }
}

extension Lease.Duty {
    /// What it means that nobody performs the duty, and what to do.
    package var absence: String {
        switch self {
        case .escalation: "No process escalates incidents. Start one with ESCALATION_WORKER_ENABLED=true."
        case .dispatch: "No process sends pages. Start one with NOTIFICATION_RETRY_WORKER_ENABLED=true."
        }
    }
}
