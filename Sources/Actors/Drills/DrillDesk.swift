internal import Database
package import Domain
package import Logging
internal import Store

/// Starts drills: by hand, and once a week for those who asked. The weekly ones run only under the lease.
package struct DrillDesk: Sendable {
    private static let interval: Duration = .minutes(10)

    private let ingest: Ingest
    private let context: IncidentContext
    private let logger: Logger

    package init(ingest: Ingest, context: IncidentContext, logger: Logger) {
        self.ingest = ingest
        self.context = context
        self.logger = logger
    }

    /// Starts a person's drill.
    ///
    /// - Returns: why there is none, as a sentence. Nil if it has begun.
    package func start(for user: User) async -> String? {
        guard let team = context.configuration.current.drillTeam(of: user.id) else {
            return "Join a team first: a drill opens an incident of a team."
        }
        switch await ingest.receive([Drill.event(for: user)], from: Drill.source(of: team))[0] {
        case .opened: return nil
        case .updated, .resolved: return "Your last drill is still open. Acknowledge it first."
        case .ignored(_, let reason), .failed(let reason): return reason
        }
    }

    func run(under held: HeldLease) async {
        let part = DutyPart(
            name: "drills", trouble: "drills can't be read", retryAfter: DrillDesk.interval, time: context.time,
            logger: logger)
        await part.run(under: held) {
            try await startDue(under: held)
            return .time(DrillDesk.interval)
        }
    }

    private func startDue(under held: HeldLease) async throws(DatabaseError) {
        let configuration = context.configuration.current
        guard configuration.users.values.contains(where: \.drillsWeekly) else { return }
        let due = configuration.drillsDue(try await context.store.drills(), at: context.time.now())
        for user in due where held.isValid {
            if let reason = await start(for: user) {
                logger.warning("a drill did not begin", metadata: ["reason": "\(reason)"])
            }
        }
    }
}
