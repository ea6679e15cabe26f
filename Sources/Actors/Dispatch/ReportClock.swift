internal import Database
internal import Domain
internal import Logging
internal import Store

/// Fails pages whose delivery report does not arrive within the channel's time limit. Accepted is not delivered.
struct ReportClock: Sendable {
    private static let interval: Duration = .seconds(15)

    let context: IncidentContext
    let followUps: FollowUpWorker
    let logger: Logger

    func run(under held: HeldLease) async {
        let part = DutyPart(
            name: "report clock", trouble: "overdue reports can't be read", retryAfter: ReportClock.interval,
            time: context.time, logger: logger)
        await part.run(under: held) {
            if let due = try await context.store.nextReportDue(), due <= context.time.now() {
                let configuration = context.configuration.current
                let ended = try await context.store.failUnreported(
                    under: held.lease, names: { configuration.name(of: $0) }, at: context.time.now())
                guard let ended else {
                    held.end()
                    return .none
                }
                await followUps.perform(ended.compactMap(\.followUp))
            }
            return .time(ReportClock.interval)
        }
    }
}
