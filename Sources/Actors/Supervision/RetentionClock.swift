internal import Database
package import Domain
package import Logging
package import Store

/// Deletes what is older than the operator wants to keep. It works in small batches with pauses, so that it delays no
/// alert and no page.
package struct RetentionClock: Sendable {
    /// How long after the duty begins, so that a start or a take-over comes first.
    private static let delay: Duration = .seconds(60)
    private static let interval: Duration = .hours(1)
    private static let pause: Duration = .milliseconds(250)

    private let policy: RetentionPolicy
    private let store: Store
    private let time: TimeSource
    private let logger: Logger

    package init(policy: RetentionPolicy, store: Store, time: TimeSource, logger: Logger) {
        self.policy = policy
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Runs until the lease ends or the task is cancelled.
    func run(under held: HeldLease) async {
        var wait = RetentionClock.delay
        var total = PruneCount()
        while true {
            do { try await time.sleep(wait) } catch { return }
            guard held.isValid else { return }
            do {
                guard let count = try await store.prune(policy, under: held.lease, at: time.now()) else {
                    return held.end()
                }
                total += count
                wait = count.isEmpty ? RetentionClock.interval : RetentionClock.pause
                guard count.isEmpty, !total.isEmpty else { continue }
                logger.info(
                    "deleted what is older than the retention allows",
                    metadata: [
                        "incidents": "\(total.incidents)", "pages": "\(total.pages)", "audit": "\(total.audit)",
                        "statistics": "\(total.statistics)", "expired": "\(total.expired)",
                    ])
                total = PruneCount()
            } catch {
                // Old rows do no harm, so this part never makes the process give its duty up.
                logger.warning("old rows can't be deleted", metadata: ["error": "\(error)"])
                wait = RetentionClock.interval
            }
        }
    }
}
