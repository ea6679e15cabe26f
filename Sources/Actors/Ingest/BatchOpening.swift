internal import Database
internal import Domain
internal import Store

/// Opens the new incidents of one payload in one transaction.
struct BatchOpening: Sendable {
    let directory: IncidentDirectory
    let context: IncidentContext
    let source: AlertSource

    /// An incident that is about to be opened, with all of its alerts as one change.
    private struct Draft {
        var transition: Transition
        var outcomes: [(index: Int, outcome: Transition.Outcome)]
    }

    /// - Parameter groups: the alerts for each incident, as indices into `events`.
    /// - Returns: a result for each alert that was processed. The caller must send the other alerts one by one, because
    ///   their incident is already open, another process has just opened it, or it ended and restarted in this payload.
    func open(_ groups: [IncidentKey: [Int]], _ events: [AlertEvent]) async -> [(Int, AlertResult)] {
        let echoes: Duration = events.contains(where: \.mayBeEcho) ? Incident.echoWindow : .zero
        let window = max(source.reopenWindow, echoes)
        let since = window > .zero ? context.time.now() - window : nil
        // If the database does not answer, sending the alerts one by one reports the error.
        guard
            let known = try? await context.store.knownKeys(
                groups.keys.map(\.key), source: source.id, team: source.teamID, resolvedSince: since)
        else { return [] }
        let new = groups.filter { !known.contains($0.key.key) }.sorted { ($0.value.first ?? 0) < ($1.value.first ?? 0) }
        var results: [(Int, AlertResult)] = []
        var drafts: [Draft] = []
        for (problem, indices) in new {
            let before = indices.prefix { events[$0].status != .firing }
            results += before.map { ($0, .ignored(nil, reason: DedupKeyActor.noIncident)) }
            if let draft = try? await draft(problem, indices.dropFirst(before.count), events) { drafts.append(draft) }
        }
        let commits = drafts.map { Commit(before: nil, transition: $0.transition) }
        for (draft, result) in zip(drafts, await context.commits.submit(together: commits)) {
            switch result {
            case .committed(let incident):
                await directory.adopt(incident)
                results += draft.outcomes.map { ($0.index, alertResult($0.outcome, incident)) }
            case .conflict, .fenced: break
            case .failed(let error): results += draft.outcomes.map { ($0.index, .failed(error.description)) }
            }
        }
        return results
    }

    private func draft(
        _ problem: IncidentKey, _ indices: ArraySlice<Int>, _ events: [AlertEvent]
    ) async throws(DatabaseError) -> Draft? {
        guard let first = indices.first else { return nil }
        let (now, configuration) = (context.time.now(), context.configuration.current)
        var draft = Draft(
            transition: Incident.open(
                id: context.store.identifiers.next(), event: events[first],
                severity: events[first].severity ?? source.defaultSeverity, source: source, team: problem.teamID,
                author: .source(source), at: now, configuration: configuration, number: try await directory.takeNumber()
            ),
            outcomes: [(first, .opened)])
        for index in indices.dropFirst() {
            if !draft.transition.incident.isOpen && events[index].status == .firing { break }
            let next = try? draft.transition.incident.decide(
                .receive(events[index], autoResolveAfter: source.autoResolveAfter), by: .source(source), at: now,
                configuration: configuration)
            guard let next else { break }
            draft.outcomes.append((index, next.outcome))
            if !next.isEmpty { draft.transition.append(next) }
        }
        return draft
    }

    private func alertResult(_ outcome: Transition.Outcome, _ incident: Incident) -> AlertResult {
        switch outcome {
        case .opened: .opened(incident)
        case .resolved: .resolved(incident)
        case .ignored(let reason): .ignored(incident, reason: reason)
        case .updated, .acknowledged, .acknowledgedAgain, .reopened, .escalated, .exhausted, .snoozed, .noted,
            .reassigned:
            .updated(incident)
        }
    }
}
