internal import Database
internal import Domain
package import Logging
package import Providers
internal import Store

/// Tells the administrators of trouble with providers and the queue, over a channel that is not in trouble. While all is
/// well, it asks an address elsewhere, so that somebody notices when this PagerPal goes quiet. Runs only under the lease.
package struct OperatorWatch: Sendable {
    /// Asks the address elsewhere.
    package typealias Beat = @Sendable () async throws -> Void

    private static let interval: Duration = .seconds(30)
    /// A due page that has waited longer than this is trouble.
    private static let longestWait: Duration = .minutes(5)
    /// The same for a telephone number, whose budget may hold pages back.
    private static let longestHeldBack: Duration = .minutes(30)

    private let providers: [any Provider]
    /// Whether to tell the administrators.
    private let tells: Bool
    private let beat: Beat?
    private let context: IncidentContext
    private let eventBus: EventBus
    private let logger: Logger

    /// Nil if there is nothing to tell or to ask.
    package init?(
        providers: [any Provider], tells: Bool, beat: Beat?, context: IncidentContext, eventBus: EventBus,
        logger: Logger
    ) {
        guard tells || beat != nil else { return nil }
        self.providers = providers
        self.tells = tells
        self.beat = beat
        self.context = context
        self.eventBus = eventBus
        self.logger = logger
    }

    func run(under held: HeldLease) async {
        var watch = TroubleWatch()
        let part = DutyPart(
            name: "operator watch", trouble: "trouble can't be told", retryAfter: OperatorWatch.interval,
            time: context.time, logger: logger)
        await part.run(under: held) {
            let queue = try await queueTrouble()
            if tells { try await tell(&watch, of: await providerTroubles() + queue) }
            if queue.isEmpty, try await areDutiesHeld() { await sendBeat() }
            return .time(OperatorWatch.interval)
        }
    }

    /// A dead address elsewhere must not stop paging.
    private func sendBeat() async {
        do {
            try await beat?()
        } catch {
            logger.warning("the outbound heartbeat failed", metadata: ["error": "\(error)"])
        }
    }

    private func areDutiesHeld() async throws(DatabaseError) -> Bool {
        let leases = try await context.store.leaseStatuses(.lease)
        return Lease.Duty.allCases.allSatisfy { leases[$0]?.isHeld == true }
    }

    private func queueTrouble() async throws(DatabaseError) -> [Trouble] {
        let now = context.time.now()
        let stuck = try await context.store.waitingPages(limit: 200).first { record in
            let limit =
                record.page.channel.definition.hasBudget ? OperatorWatch.longestHeldBack : OperatorWatch.longestWait
            return now - record.page.dueAt > limit
        }
        guard let stuck else { return [] }
        let words = "A page has been due since \(stuck.page.dueAt.rfc3339) and has not left."
        return [Trouble(name: "queue", text: words)]
    }

    private func providerTroubles() async -> [Trouble] {
        var troubles: [Trouble] = []
        for provider in providers {
            for vendor in provider.vendors {
                let health = await vendor.gate.health
                let isAccount = health.state != .ok && health.lastBlame == .account
                guard health.state == .failing || isAccount else { continue }
                let channels = provider.channels.map(\.name).sorted().joined(separator: ", ")
                troubles.append(
                    Trouble(
                        name: "provider \(vendor.name), \(channels)",
                        text: "The provider \(vendor.name) (\(channels)) fails: \(health.lastFault ?? "no answer")",
                        // Another vendor of the channel may work.
                        channels: provider.vendors.count == 1 ? provider.channels : []))
            }
        }
        return troubles
    }

    private func tell(_ watch: inout TroubleWatch, of troubles: [Trouble]) async throws(DatabaseError) {
        let now = context.time.now()
        // Only what was told counts as told. The rest follows with the next look.
        var next = watch
        let news = next.look(troubles, at: now)
        guard !news.isEmpty else { return watch = next }
        let ways = context.configuration.current.waysToAdministrators(
            avoiding: troubles.reduce(into: []) { $0.formUnion($1.channels) })
        for trouble in news {
            logger.warning("trouble", metadata: ["name": "\(trouble.name)", "text": "\(trouble.text)"])
            for way in ways {
                _ = try await context.store.queue(.notice(text: "PagerPal: \(trouble.text)"), to: way, at: now)
            }
        }
        eventBus.publish(.pages(dueAt: now))
        watch = next
    }
}
