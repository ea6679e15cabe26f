internal import Database
internal import Domain
internal import Logging
internal import Store

/// Sends a person's next page when the current one waits too long for its provider: behind an open circuit breaker,
/// during a pause, before a retry, or for an answer that does not come. The late page stays queued.
struct LateClock: Sendable {
    private static let interval: Duration = .seconds(1)
    /// How often pages that were late before are looked at again, because a later page may have come since.
    private static let fullInterval: Duration = .seconds(60)

    let patience: Duration
    let bundlingWindow: Duration
    let context: IncidentContext
    let directory: IncidentDirectory
    let logger: Logger

    func run(under held: HeldLease) async {
        // Pages that piled up while nobody dispatched get their full time first.
        try? await context.time.sleep(patience)
        var since: Timestamp?
        var lastFull = context.time.monotonic()
        let part = DutyPart(
            name: "late clock", trouble: "late pages can't be read", time: context.time, logger: logger)
        await part.run(under: held) {
            let now = context.time.now()
            if context.time.monotonic() - lastFull >= LateClock.fullInterval { since = nil }
            if since == nil { lastFull = context.time.monotonic() }
            let pages = try await context.store.latePages(
                patience: patience, bundlingWindow: bundlingWindow, since: since, at: now)
            if pages.isEmpty { since = now }
            // A failure affects only its own incident, which is tried again on the next pass.
            for page in pages where held.isValid {
                let request = CommandRequest(.pageLate(page), by: .system)
                if case .failed(let reason) = await directory.perform(request, on: page.incidentID) {
                    logger.error("an incident can't continue after a late page", metadata: ["error": "\(reason)"])
                }
            }
            return .time(LateClock.interval)
        }
    }
}
