internal import Database
package import Domain
package import Logging
package import Store

/// Takes the texts of new and changed incidents into the index of the search, a while after the commit. It works in small
/// transactions with pauses, so that it delays no alert and no page, and asks the database for nothing while no incident
/// changes.
package struct SearchClock: Sendable {
    /// How long after the duty begins, so that a start or a take-over comes first.
    private static let delay: Duration = .seconds(20)
    /// How long to collect changes.
    private static let collecting: Duration = .seconds(5)
    private static let pause: Duration = .milliseconds(50)
    private static let retryAfter: Duration = .seconds(60)

    private let store: Store
    private let eventBus: EventBus
    private let time: TimeSource
    private let logger: Logger

    package init(store: Store, eventBus: EventBus, time: TimeSource, logger: Logger) {
        self.store = store
        self.eventBus = eventBus
        self.time = time
        self.logger = logger
    }

    /// Runs until the lease ends or the task is cancelled.
    func run(under held: HeldLease) async {
        let changed = WakeUp()
        let listener = eventBus.subscribe { if case .incidents = $0 { changed.signal() } }
        defer { eventBus.unsubscribe(listener) }
        var wait = SearchClock.delay
        while true {
            do { try await time.sleep(wait) } catch { return }
            guard held.isValid else { return }
            do {
                guard try await catchUp(under: held) else { return held.end() }
                await changed.wait()
                guard !Task.isCancelled else { return }
                wait = SearchClock.collecting
            } catch is CancellationError {
                return
            } catch {
                // A search is right without the index, so this part never makes the process give its duty up.
                logger.warning("texts of incidents can't be indexed", metadata: ["error": "\(error)"])
                wait = SearchClock.retryAfter
            }
        }
    }

    /// Returns false if the lease was lost.
    private func catchUp(under held: HeldLease) async throws -> Bool {
        while let batch = try await store.nextSearchBatch() {
            for part in 0..<batch.parts {
                guard held.isValid,
                    try await store.write(batch, part: part, under: held.lease, at: time.now())
                else { return false }
                try await time.sleep(SearchClock.pause)
            }
        }
        return true
    }
}
