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
        let part = DutyPart(
            name: "handoff clock", trouble: "hand-off notices can't be queued", retryAfter: .seconds(5),
            time: context.time, logger: logger)
        await part.run(under: held) {
            signal.plan(nil)
            let (configuration, now) = (context.configuration.current, context.time.now())
            let handoffs = configuration.handoffs(since: try await context.store.duties(), at: now)
            let ahead = configuration.shiftsAhead(at: now)
            if !handoffs.isEmpty || !ahead.isEmpty {
                guard let due = try await context.store.record(handoffs, ahead: ahead, under: held.lease, at: now)
                else {
                    held.end()
                    return .none
                }
                if let first = due.min() { eventBus.publish(.pages(dueAt: first)) }
            }
            signal.plan(configuration.nextHandoff(after: now))
            return .signal(signal, atMost: HandoffClock.sweep)
        }
    }
}
