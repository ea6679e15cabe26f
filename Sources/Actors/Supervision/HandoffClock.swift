internal import Database
internal import Domain
package import Logging
internal import Store

/// Notifies people when they go on call, and a day before each shift. Runs only under the lease.
///
/// The last hand-off processed is a row in the database, so that a restart, an outage or a new holder neither repeats
/// nor skips a notice.
package struct HandoffClock: Sendable {
    private static let sweep: Duration = .hours(1)

    private let context: IncidentContext
    private let eventBus: EventBus
    private let logger: Logger
    private let signal = DueSignal()

    package init(context: IncidentContext, eventBus: EventBus, logger: Logger) {
        self.context = context
        self.eventBus = eventBus
        self.logger = logger
        let (signal, time) = (signal, context.time)
        context.configuration.onChange { _, _ in signal.announce(time.now()) }
    }

    func run(under held: HeldLease) async {
        while held.isValid && !Task.isCancelled {
            signal.plan(nil)
            let (configuration, now) = (context.configuration.current, context.time.now())
            do {
                let handoffs = configuration.handoffs(since: try await context.store.duties(), at: now)
                let ahead = configuration.shiftsAhead(at: now)
                if !handoffs.isEmpty || !ahead.isEmpty {
                    let due = try await context.store.record(handoffs, ahead: ahead, under: held.lease, at: now)
                    guard let due else { return held.end() }
                    if let first = due.min() { eventBus.publish(.pages(dueAt: first)) }
                }
                held.succeeded("handoff clock")
                signal.plan(configuration.nextHandoff(after: now))
                await signal.sleep(atMost: HandoffClock.sweep, context.time)
            } catch {
                logger.warning("hand-off notices can't be queued", metadata: ["error": "\(error)"])
                held.failed("handoff clock", error)
                try? await context.time.sleep(.seconds(5))
            }
        }
    }
}
