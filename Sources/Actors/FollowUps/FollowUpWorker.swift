internal import Database
internal import Domain
package import Logging
internal import Store

/// Completes what must follow a failed page or a changed configuration: the next page or step, dropped pages, incidents
/// that are handed on.
///
/// It is called right after the cause is committed. A follow-up that fails here stays a row, and the clock tries it again.
package struct FollowUpWorker: Sendable {
    enum Outcome: Sendable, Hashable {
        case done
        /// The lease is no longer current.
        case fenced
        case failed(String)
    }

    /// How many incidents are decided on at the same time, so that many of them leave connections for claims.
    private static let incidents = 16

    private let context: IncidentContext
    private let directory: IncidentDirectory
    private let eventBus: EventBus
    private let logger: Logger

    package init(context: IncidentContext, directory: IncidentDirectory, eventBus: EventBus, logger: Logger) {
        self.context = context
        self.directory = directory
        self.eventBus = eventBus
        self.logger = logger
    }

    /// Completes follow-ups that were stored just now.
    func perform(_ followUps: [FollowUp]) async {
        for case (let followUp, .failed(let reason)) in await perform(followUps, under: nil) {
            logger.error(
                "what must follow can't be done; it is tried again",
                metadata: ["incident": "\(followUp.incidentID?.rawValue ?? "none")", "error": "\(reason)"])
        }
    }

    /// Completes these in order for each incident, and several incidents at once.
    ///
    /// - Parameter lease: set when the clock calls it.
    func perform(_ followUps: [FollowUp], under lease: Lease?) async -> [(FollowUp, Outcome)] {
        await withTaskGroup(of: [(FollowUp, Outcome)].self) { group in
            var waiting = Dictionary(grouping: followUps, by: \.incidentID).makeIterator()
            func start() {
                guard let (incident, ofOne) = waiting.next() else { return }
                group.addTask {
                    var outcomes: [(FollowUp, Outcome)] = []
                    for followUp in ofOne { outcomes.append((followUp, await perform(followUp, incident, lease))) }
                    return outcomes
                }
            }
            for _ in 0..<FollowUpWorker.incidents { start() }
            var all: [(FollowUp, Outcome)] = []
            for await outcomes in group {
                all += outcomes
                start()
            }
            return all
        }
    }

    private func perform(_ followUp: FollowUp, _ incident: IncidentID?, _ lease: Lease?) async -> Outcome {
        do {
            if case .heartbeatChanged(let id) = followUp.work { return try await replan(id, followUp) }
            guard let incident, let command = try await command(for: followUp) else {
                if case .unreadable(let reason) = followUp.work { return .failed(reason) }
                try await context.store.settle([followUp.id])
                return .done
            }
            let request = CommandRequest(command, by: .system, lease: lease, followUp: followUp.id)
            switch await directory.perform(request, on: incident) {
            case .done, .refused, .notFound: return .done
            case .fenced: return .fenced
            case .failed(let reason): return .failed(reason)
            }
        } catch {
            return .failed(error.description)
        }
    }

    /// The command for its incident, or nil if there is nothing left to do.
    private func command(for followUp: FollowUp) async throws(DatabaseError) -> Command? {
        let store = context.store
        switch followUp.work {
        case .pageFailed(let page, let incident):
            return .pageFailed(page, others: try await store.latestRounds(of: [incident])[incident] ?? [])
        case .rulesChanged(let user, let incident):
            guard let (turn, pages) = try await store.turn(of: user, in: incident) else { return nil }
            return .rulesChanged(user, turn: turn, pages: pages)
        case .responderGone(let user, let name, let incident):
            guard !context.configuration.current.isPresent(user) else { return nil }
            return .responderGone(user, name: name, pages: try await store.pages(of: incident, cycle: nil))
        case .maintenanceChanged: return .maintenanceChanged
        case .heartbeatChanged, .unreadable: return nil
        }
    }

    private func replan(_ id: HeartbeatID, _ followUp: FollowUp) async throws(DatabaseError) -> Outcome {
        guard let monitor = context.configuration.current.heartbeats[id] else {
            try await context.store.settle([followUp.id])
            return .done
        }
        let change = try await context.store.changeHeartbeat(id, at: context.time.now(), for: followUp.id) {
            monitor.stateAfterChange($0)
        }
        if let dueAt = change?.after.dueAt { eventBus.publish(.heartbeat(dueAt: dueAt)) }
        return .done
    }
}
