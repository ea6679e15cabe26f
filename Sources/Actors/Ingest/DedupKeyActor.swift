internal import Database
package import Domain
internal import Store

/// Identifies what the alerts of one dedup key share across all of their incidents.
package struct IncidentKey: Sendable, Hashable {
    package var sourceID: SourceID
    package var teamID: TeamID
    package var key: DedupKey

    package init(sourceID: SourceID, teamID: TeamID, key: DedupKey) {
        self.sourceID = sourceID
        self.teamID = teamID
        self.key = key
    }
}

/// An alert with its source.
package struct Alert: Sendable {
    package var event: AlertEvent
    package var source: AlertSource

    package init(event: AlertEvent, source: AlertSource) {
        self.event = event
        self.source = source
    }
}

/// The result of an alert.
package enum AlertResult: Sendable {
    case opened(Incident)
    case updated(Incident)
    case resolved(Incident)
    /// The alert is not recorded, only answered. The incident is the one that it would have changed, if any.
    case ignored(Incident?, reason: String)
    /// The database did not store the alert. The sender must try again.
    case failed(String)
}

/// Adds the alerts of one dedup key to its open incident, or opens one. It works on batches, so that many first alerts
/// open one incident with one commit.
actor DedupKeyActor {
    private static let attempts = 20
    static let noIncident = "no open incident has this dedup key"

    private let problem: IncidentKey
    private let directory: IncidentDirectory
    private let context: IncidentContext
    private var incidentID: IncidentID?

    init(problem: IncidentKey, directory: IncidentDirectory, context: IncidentContext) {
        self.problem = problem
        self.directory = directory
        self.context = context
    }

    func process(_ alerts: [Alert]) async -> [AlertResult] {
        var results = [AlertResult?](repeating: nil, count: alerts.count)
        for _ in 0..<DedupKeyActor.attempts {
            var open = results.indices.filter { results[$0] == nil }
            guard !open.isEmpty else { break }
            do {
                try await dropEchoes(alerts, open, &results)
                open.removeAll { results[$0] != nil }
                if open.isEmpty { break }
                if let incident = try await find(for: alerts[open[0]].source) {
                    await forward(alerts, open, to: incident, &results)
                } else {
                    try await openIncident(alerts, open, &results)
                }
            } catch {
                for index in open { results[index] = .failed(error.description) }
            }
        }
        return results.map { $0 ?? .failed("The incident changes too often to store this alert. Try again.") }
    }

    /// Drops late copies of alerts from an episode that has ended. They must not open an incident.
    private func dropEchoes(
        _ alerts: [Alert], _ open: [Int], _ results: inout [AlertResult?]
    ) async throws(DatabaseError) {
        let now = context.time.now()
        guard incidentID == nil, open.contains(where: { alerts[$0].event.mayBeEcho }) else { return }
        let last = try await context.finder.incident(of: problem, resolvedSince: now - Incident.echoWindow)
        guard let last, !last.isOpen else { return }
        for index in open where last.isOver(alerts[index].event, at: now) {
            results[index] = .ignored(last, reason: Incident.echo)
        }
    }

    /// Returns the open incident, or a resolved one that a new alert reopens.
    private func find(for source: AlertSource) async throws(DatabaseError) -> (id: IncidentID, isResolved: Bool)? {
        if let incidentID { return (incidentID, false) }
        let since = source.reopenWindow > .zero ? context.time.now() - source.reopenWindow : nil
        let incident = try await context.finder.incident(of: problem, resolvedSince: since)
        return incident.map { ($0.id, !$0.isOpen) }
    }

    private func forward(
        _ alerts: [Alert], _ open: [Int], to incident: (id: IncidentID, isResolved: Bool),
        _ results: inout [AlertResult?]
    ) async {
        var first: [CommandRequest] = []
        if incident.isResolved {
            guard let firing = open.first(where: { alerts[$0].event.status == .firing }) else {
                for index in open { results[index] = .ignored(nil, reason: DedupKeyActor.noIncident) }
                return
            }
            first = [CommandRequest(.resume, by: .source(alerts[firing].source))]
        }
        let commands = open.map { index in
            let alert = alerts[index]
            return CommandRequest(
                .receive(alert.event, autoResolveAfter: alert.source.autoResolveAfter), by: .source(alert.source))
        }
        incidentID = incident.id
        let outcomes = await directory.performAll(first + commands, on: incident.id).dropFirst(first.count)
        for (index, result) in zip(open, outcomes) {
            results[index] = alertResult(of: result, for: alerts[index].event)
        }
    }

    /// Returns nil if the incident was closed before the alert reached it. The caller then looks for one again.
    private func alertResult(of result: CommandResult, for event: AlertEvent) -> AlertResult? {
        switch result {
        case .done(let incident, .resolved): return .resolved(incident)
        case .done(let incident, .ignored(let reason)):
            if !incident.isOpen {
                incidentID = nil
                return event.status == .firing ? nil : .ignored(incident, reason: reason)
            }
            return .ignored(incident, reason: reason)
        case .done(let incident, _):
            return .updated(incident)
        case .refused, .notFound, .fenced:
            incidentID = nil
            return nil
        case .failed(let reason): return .failed(reason)
        }
    }

    private func openIncident(
        _ alerts: [Alert], _ open: [Int], _ results: inout [AlertResult?]
    ) async throws(DatabaseError) {
        guard let first = open.first(where: { alerts[$0].event.status == .firing }) else {
            for index in open { results[index] = .ignored(nil, reason: DedupKeyActor.noIncident) }
            return
        }
        for index in open where index < first {
            results[index] = .ignored(nil, reason: DedupKeyActor.noIncident)
        }
        let (event, source) = (alerts[first].event, alerts[first].source)
        let (now, configuration) = (context.time.now(), context.configuration.current)
        let transition = Incident.open(
            id: context.store.identifiers.next(), event: event, severity: event.severity ?? source.defaultSeverity,
            source: source, team: problem.teamID, author: .source(source), at: now, configuration: configuration,
            number: try await directory.takeNumber())
        switch await context.commits.submit(Commit(before: nil, transition: transition)) {
        case .committed(let incident):
            incidentID = incident.id
            await directory.adopt(incident)
            results[first] = .opened(incident)
        case .conflict, .fenced: break  // Another process opened it: the next round finds it.
        case .failed(let error): for index in open where index >= first { results[index] = .failed(error.description) }
        }
    }
}

extension AlertEvent {
    /// Whether the event could be a late copy from an episode that has ended.
    var mayBeEcho: Bool { status == .firing && namesEpisode && startsAt != nil }
}
