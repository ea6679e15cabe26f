internal import Database
internal import Domain
internal import Logging
internal import Providers
internal import Store

/// Sends a person's next page when the current one waits too long for its provider: behind an open circuit breaker,
/// during a pause, before a retry, or for an answer that does not come. The late page stays queued.
///
/// While a provider is known to keep messages waiting, pages to it are late as soon as they are due.
struct LateClock: Sendable {
    private static let interval: Duration = .seconds(1)
    /// How often pages that were late before are looked at again, because a later page may have come since.
    private static let fullInterval: Duration = .seconds(60)
    /// A page may be committed this long after it was due.
    private static let overlap: Duration = .seconds(2)
    /// Between two looks, so that they leave connections for claims while many pages become due.
    private static let pace: Duration = .milliseconds(50)
    /// The number of incidents that continue at the same time. Their changes are committed together.
    private static let concurrency = 16

    let patience: Duration
    let bundlingWindow: Duration
    let providers: [any Provider]
    let context: IncidentContext
    let directory: IncidentDirectory
    let logger: Logger
    private let signal = DueSignal()

    init(
        patience: Duration, bundlingWindow: Duration, providers: [any Provider], context: IncidentContext,
        directory: IncidentDirectory, logger: Logger
    ) {
        self.patience = patience
        self.bundlingWindow = bundlingWindow
        self.providers = providers
        self.context = context
        self.directory = directory
        self.logger = logger
    }

    func listen(to eventBus: EventBus) {
        let signal = signal
        eventBus.subscribe { if case .pages(let due) = $0 { signal.announce(due.earliest) } }
    }

    /// What one pass leaves to the next one.
    private struct Memory {
        var since: Timestamp?
        var lastFull: Duration
        var lastLook: Duration?
        var heldUp: Set<Channel> = []
        var heldUpSince: Timestamp?
    }

    func run(under held: HeldLease) async {
        // Pages that piled up while nobody dispatched get their full time first.
        try? await context.time.sleep(patience)
        var memory = Memory(lastFull: context.time.monotonic())
        let part = DutyPart(
            name: "late clock", trouble: "late pages can't be read", time: context.time, logger: logger)
        await part.run(under: held) {
            // Before the look, so that pages that become due meanwhile are not missed.
            signal.plan(context.time.now() + LateClock.interval)
            try await look(&memory, under: held)
            return .signal(signal, atMost: LateClock.interval)
        }
    }

    private func look(_ memory: inout Memory, under held: HeldLease) async throws {
        let heldUp = await heldUpChannels()
        if let last = memory.lastLook {
            let passed = context.time.monotonic() - last
            // A page that has just become due is late only where providers keep messages waiting.
            if heldUp.isEmpty && passed < LateClock.interval { return }
            if passed < LateClock.pace { try? await context.time.sleep(LateClock.pace - passed) }
        }
        let start = context.time.monotonic()
        memory.lastLook = start
        let now = context.time.now()
        if start - memory.lastFull >= LateClock.fullInterval { (memory.since, memory.heldUpSince) = (nil, nil) }
        if memory.since == nil { memory.lastFull = start }
        var request = LatePageRequest(patience: patience, bundlingWindow: bundlingWindow, since: memory.since)
        request.heldUp = heldUp
        request.heldUpSince = heldUp.isSubset(of: memory.heldUp) ? memory.heldUpSince : nil
        let pages = try await context.store.latePages(request, at: now)
        let isComplete = await moveOn(from: pages, under: held) && pages.count < LatePage.limit
        guard isComplete else { return }
        (memory.since, memory.heldUp, memory.heldUpSince) = (now, heldUp, now - LateClock.overlap)
    }

    private func heldUpChannels() async -> Set<Channel> {
        var channels: Set<Channel> = []
        for provider in providers where await provider.isHeldUp(for: patience) {
            channels.formUnion(provider.channels)
        }
        return channels
    }

    /// Returns whether all incidents could continue. A failure affects only its own incident, which is tried again on the
    /// next pass.
    private func moveOn(from pages: [LatePage], under held: HeldLease) async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            var isComplete = true
            for (index, page) in pages.enumerated() where held.isValid {
                if index >= LateClock.concurrency, await group.next() == false { isComplete = false }
                group.addTask { await moveOn(from: page) }
            }
            for await isDone in group where !isDone { isComplete = false }
            return isComplete && held.isValid
        }
    }

    private func moveOn(from page: LatePage) async -> Bool {
        let request = CommandRequest(.pageLate(page), by: .system)
        guard case .failed(let reason) = await directory.perform(request, on: page.incidentID) else { return true }
        logger.error("an incident can't continue after a late page", metadata: ["error": "\(reason)"])
        return false
    }
}
