internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store

/// Ensures that at most one process performs a duty at a time. It takes the lease of each duty in which this process
/// takes part, renews it, and works only while it holds it. There is one in each process.
package struct Supervisor: Service {
    package struct Settings: Sendable {
        /// How long a lease lasts without renewal.
        package var leaseDuration: Duration
        /// Whether this process takes part in the escalation duty, and in the dispatch duty.
        package var escalates: Bool
        package var dispatches: Bool

        package init(leaseDuration: Duration = .seconds(5), escalates: Bool = true, dispatches: Bool = true) {
            self.leaseDuration = leaseDuration
            self.escalates = escalates
            self.dispatches = dispatches
        }

        var duties: [Lease.Duty] {
            Lease.Duty.allCases.filter { duty in
                switch duty {
                case .escalation: escalates
                case .dispatch: dispatches
                }
            }
        }
    }

    private let holder: String
    private let settings: Settings
    private let store: Store
    private let renewals: LeaseRenewals
    private let clock: EscalationClock
    private let heartbeats: HeartbeatClock
    private let handoffs: HandoffClock
    private let followUps: FollowUpClock
    private let retention: RetentionClock
    private let search: SearchClock
    private let drills: DrillDesk
    private let dispatcher: Dispatcher
    private let eventBus: EventBus
    private let time: TimeSource
    private let logger: Logger
    private let health: DutyHealth
    /// A part of a duty that has failed for longer than this counts as stalled.
    package static let patience: Duration = .seconds(30)
    /// How long a process leaves a stalled duty to others.
    package static let standBack: Duration = .seconds(30)

    /// - Parameter holder: identifies this process among all others. Each start uses a new value.
    package init(
        holder: String, settings: Settings, store: Store, clock: EscalationClock, heartbeats: HeartbeatClock,
        handoffs: HandoffClock, followUps: FollowUpClock, retention: RetentionClock, search: SearchClock,
        drills: DrillDesk, dispatcher: Dispatcher, health: DutyHealth, eventBus: EventBus, time: TimeSource,
        logger: Logger
    ) {
        self.holder = holder
        self.settings = settings
        self.store = store
        self.clock = clock
        self.heartbeats = heartbeats
        self.handoffs = handoffs
        self.followUps = followUps
        self.retention = retention
        self.search = search
        self.drills = drills
        self.dispatcher = dispatcher
        self.health = health
        self.eventBus = eventBus
        self.time = time
        self.logger = logger
        renewals = LeaseRenewals(store: store, length: settings.leaseDuration, time: time, logger: logger)
    }

    /// Runs until the graceful shutdown, then returns the leases.
    package func run() async throws {
        guard !settings.duties.isEmpty else { return try await gracefulShutdown() }
        await withDiscardingTaskGroup { group in
            for duty in settings.duties { group.addTask { await take(duty) } }
        }
    }

    /// Takes a duty whenever it is free.
    private func take(_ duty: Lease.Duty) async {
        let freed = WakeUp()
        let listener = eventBus.subscribe { if $0 == .leaseFree { freed.signal() } }
        defer { eventBus.unsubscribe(listener) }
        var refusals = LeaseRefusals()
        while !Task.isCancelled && !Task.isShuttingDownGracefully {
            do {
                let held = try await acquire(duty)
                if refusals.end() {
                    logger.notice("the lease can be requested again", metadata: ["duty": "\(duty)"])
                }
                if let held {
                    await lead(held)
                    await cancelWhenGracefulShutdown { await standBack(from: duty) }
                } else {
                    let expiry = time.monotonic() + (await untilExpiry(of: duty))
                    await cancelWhenGracefulShutdown { await freed.wait(until: expiry, time) }
                }
            } catch {
                let now = time.monotonic()
                if let count = refusals.add(at: now) {
                    logger.warning(
                        "the lease can't be requested",
                        metadata: ["duty": "\(duty)", "failures": "\(count)", "error": "\(error)"])
                }
                let retry = now + refusals.pause
                await cancelWhenGracefulShutdown { await freed.wait(until: retry, time) }
            }
        }
    }

    /// Leaves a duty to others for a while if it stalled in this process.
    private func standBack(from duty: Lease.Duty) async {
        guard health.current.contains(where: { $0.duty == duty }) else { return }
        try? await time.sleep(Supervisor.standBack)
        health.clear(duty)
    }

    /// Nil if another process has the lease.
    private func acquire(_ duty: Lease.Duty) async throws -> HeldLease? {
        let before = time.monotonic()
        let lease = try await store.acquireLease(duty, for: holder, lasting: settings.leaseDuration)
        guard let lease else { return nil }
        logger.info("the lease is ours", metadata: ["duty": "\(duty)", "epoch": "\(lease.epoch)"])
        let term = LeaseTerm(asked: before, length: settings.leaseDuration, patience: Supervisor.patience)
        return HeldLease(lease, term, time: time)
    }

    /// How long until the present holder's lease runs out unless it is renewed.
    private func untilExpiry(of duty: Lease.Duty) async -> Duration {
        do {
            guard let status = try await store.leaseStatuses(.lease)[duty] else { return .seconds(1) }
            return min(max(status.expiresAt - status.now, .milliseconds(10)), settings.leaseDuration)
                + .milliseconds(20)
        } catch {
            return .seconds(1)
        }
    }

    /// Works while the lease is valid, then returns it.
    ///
    /// The lease is renewed until the last attempt has ended, even after the process was told to stop. Otherwise
    /// another process would conclude that this one died during the attempt.
    private func lead(_ held: HeldLease) async {
        await renewals.add(held)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await renew(held) }
            group.addTask { await cancelWhenGracefulShutdown { await work(under: held) } }
            await group.next()
            group.cancelAll()
            await group.waitForAll()
        }
        held.end()
        await renewals.remove(held)
        logger.info(
            "stopped working under the lease",
            metadata: ["duty": "\(held.lease.duty)", "epoch": "\(held.lease.epoch)"])
        try? await store.release(held.lease)
    }

    /// Runs all parts of the duty. When one ends, all end. Attempts in flight end within their own time-outs.
    private func work(under held: HeldLease) async {
        await withTaskGroup(of: String.self) { group in
            switch held.lease.duty {
            case .escalation:
                group.addTask {
                    await clock.run(under: held)
                    return "escalation clock"
                }
                group.addTask {
                    await heartbeats.run(under: held)
                    return "heartbeat clock"
                }
                group.addTask {
                    await handoffs.run(under: held)
                    return "handoff clock"
                }
                group.addTask {
                    await followUps.run(under: held)
                    return "follow-up clock"
                }
                group.addTask {
                    await retention.run(under: held)
                    return "retention clock"
                }
                group.addTask {
                    await search.run(under: held)
                    return "search clock"
                }
                group.addTask {
                    await drills.run(under: held)
                    return "drills"
                }
            case .dispatch:
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
        while true {
            switch held.next {
            case .stop: return
            case .wait(let until):
                do { try await time.sleepUntil(until) } catch { return }
            case .renew: await renewals.renew(held)
            case .giveUp(let failure): return giveUp(held, failure)
            }
        }
    }

    /// Leaves the duty to a process that may fare better, and says so.
    private func giveUp(_ held: HeldLease, _ failure: LeaseTerm.Failure) {
        logger.error(
            "a part of a duty makes no progress, so this process gives the duty up",
            metadata: ["duty": "\(held.lease.duty)", "part": "\(failure.part)", "error": "\(failure.reason)"])
        health.report(
            DutyHealth.Stall(
                duty: held.lease.duty, part: failure.part, reason: failure.reason, at: time.now()))
        held.end()
    }
}
