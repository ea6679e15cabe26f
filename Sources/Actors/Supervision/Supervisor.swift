internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store

/// Sees to it that exactly one process escalates and dispatches: takes the lease, renews it, and works only while it
/// holds it. One in each process.
package struct Supervisor: Service {
    package struct Settings: Sendable {
        /// How long the lease lasts without being renewed.
        package var leaseDuration: Duration
        /// Whether this process takes part in escalating, and in dispatching.
        package var escalates: Bool
        package var dispatches: Bool

        package init(leaseDuration: Duration = .seconds(5), escalates: Bool = true, dispatches: Bool = true) {
            self.leaseDuration = leaseDuration
            self.escalates = escalates
            self.dispatches = dispatches
        }
    }

    private let holder: String
    private let settings: Settings
    private let store: Store
    private let clock: EscalationClock
    private let heartbeats: HeartbeatClock
    private let duties: HandoffClock
    private let dispatcher: Dispatcher
    private let eventBus: EventBus
    private let time: TimeSource
    private let logger: Logger
    private let freed = WakeUp()

    /// - Parameter holder: names this process among all others; a new one at each start.
    package init(
        holder: String, settings: Settings, store: Store, clock: EscalationClock, heartbeats: HeartbeatClock,
        duties: HandoffClock,
        dispatcher: Dispatcher, eventBus: EventBus, time: TimeSource, logger: Logger
    ) {
        self.holder = holder
        self.settings = settings
        self.store = store
        self.clock = clock
        self.heartbeats = heartbeats
        self.duties = duties
        self.dispatcher = dispatcher
        self.eventBus = eventBus
        self.time = time
        self.logger = logger
    }

    /// Runs until the graceful shutdown, at whose end the lease is given back.
    package func run() async throws {
        guard settings.escalates || settings.dispatches else { return try await gracefulShutdown() }
        let freed = freed
        let listener = eventBus.subscribe { if $0 == .leaseFree { freed.signal() } }
        defer { eventBus.unsubscribe(listener) }
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            if let held = await acquire() {
                await lead(held)
            } else {
                let expiry = time.monotonic() + (await untilExpiry())
                await cancelWhenGracefulShutdown { await freed.wait(until: expiry, time) }
            }
        }
    }

    private func acquire() async -> HeldLease? {
        let before = time.monotonic()
        do {
            guard let lease = try await store.acquireLease(for: holder, lasting: settings.leaseDuration) else {
                return nil
            }
            logger.info("the lease is ours", metadata: ["epoch": "\(lease.epoch)"])
            return HeldLease(lease, deadline: before + safeTerm, time: time)
        } catch {
            logger.warning("the lease can't be asked for", metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// The holder stops a tenth before the database lets others in.
    private var safeTerm: Duration { settings.leaseDuration * 9 / 10 }

    /// How long until the present holder's lease runs out unless it is renewed.
    private func untilExpiry() async -> Duration {
        do {
            let status = try await store.leaseStatus(.lease)
            return min(max(status.expiresAt - status.now, .milliseconds(10)), settings.leaseDuration)
                + .milliseconds(20)
        } catch {
            return .seconds(1)
        }
    }

    /// Works while the lease is good, then gives it back.
    ///
    /// The lease is renewed until the last hand-over has ended, also after the process was told to end: nobody else may
    /// think that it died with them.
    private func lead(_ held: HeldLease) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await renew(held) }
            group.addTask { await cancelWhenGracefulShutdown { await work(under: held) } }
            await group.next()
            group.cancelAll()
            await group.waitForAll()
        }
        held.end()
        logger.info("the lease is no longer ours", metadata: ["epoch": "\(held.lease.epoch)"])
        try? await store.release(held.lease)
    }

    /// Runs all parts; the first one to end ends all. What is in flight ends within its own time-outs.
    private func work(under held: HeldLease) async {
        await withTaskGroup(of: String.self) { group in
            if settings.escalates {
                group.addTask {
                    await clock.run(under: held)
                    return "escalation clock"
                }
                group.addTask {
                    await heartbeats.run(under: held)
                    return "heartbeat clock"
                }
                group.addTask {
                    await duties.run(under: held)
                    return "duty watch"
                }
            }
            if settings.dispatches {
                group.addTask {
                    await dispatcher.run(under: held)
                    return "dispatcher"
                }
            }
            let first = await group.next() ?? ""
            logger.debug("no longer leading", metadata: ["ended": "\(first)", "isValid": "\(held.isValid)"])
            group.cancelAll()
            await group.waitForAll()
        }
    }

    private func renew(_ held: HeldLease) async {
        var next = time.monotonic() + renewalInterval
        while held.isValid {
            do {
                try await time.sleepUntil(next)
                // Whoever saw it invalid has stopped already: it must not become valid again.
                guard held.isValid else { return }
                let asked = time.monotonic()
                guard try await store.renew(held.lease, lasting: settings.leaseDuration) else { return held.end() }
                held.extend(to: asked + safeTerm)
                next = asked + renewalInterval
            } catch is CancellationError {
                return
            } catch {
                logger.warning("the lease can't be renewed", metadata: ["error": "\(error)"])
                next = time.monotonic() + min(.milliseconds(250), renewalInterval)
            }
        }
    }

    private var renewalInterval: Duration { settings.leaseDuration * 2 / 5 }
}
