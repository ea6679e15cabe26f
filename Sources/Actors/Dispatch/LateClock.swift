internal import Database
internal import Domain
internal import Logging
internal import Store

/// Lets the person's next page leave when one waits too long for its provider: behind an open circuit breaker or a pause,
/// for its next try, or for an answer that does not come. The late one goes on.
struct LateClock: Sendable {
    private static let interval: Duration = .seconds(3)

    let patience: Duration
    let bundlingWindow: Duration
    let context: IncidentContext
    let directory: IncidentDirectory
    let logger: Logger

    func run(under held: HeldLease) async {
        // What piled up while nobody dispatched gets its time first.
        try? await context.time.sleep(patience)
        while held.isValid && !Task.isCancelled {
            do {
                let pages = try await context.store.latePages(
                    patience: patience, bundlingWindow: bundlingWindow, at: context.time.now())
                // One incident's failure is its own: the others have their turn, and it is tried at the next look.
                for page in pages where held.isValid {
                    let request = CommandRequest(.pageLate(page), by: .system)
                    if case .failed(let reason) = await directory.perform(request, on: page.incidentID) {
                        logger.error("an incident can't move on from a late page", metadata: ["error": "\(reason)"])
                    }
                }
                held.succeeded("late clock")
            } catch {
                held.failed("late clock", error)
                logger.warning("late pages can't be read", metadata: ["error": "\(error)"])
            }
            try? await context.time.sleep(LateClock.interval)
        }
    }
}
