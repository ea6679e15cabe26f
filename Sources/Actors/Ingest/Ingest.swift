package import Domain
internal import Store

/// Brings alerts from a webhook to their incidents.
package struct Ingest: Sendable {
    private let directory: IncidentDirectory
    private let context: IncidentContext
    /// Counts the outcomes of all alerts so far.
    package let tally = AlertTally()

    package init(directory: IncidentDirectory, context: IncidentContext) {
        self.directory = directory
        self.context = context
    }

    /// Why the team that an alert names is refused.
    package enum TeamFault: Error, Sendable {
        case unknown(String)
        case notAllowed(String)
    }

    /// Returns the team of an event. If the event names a team, it must be the source's own.
    package func team(of event: AlertEvent, from source: AlertSource) throws(TeamFault) -> TeamID {
        guard let name = event.team else { return source.teamID }
        guard let team = context.configuration.current.team(named: name) else { throw .unknown(name) }
        guard team.id == source.teamID else { throw .notAllowed(name) }
        return team.id
    }

    /// Stores alerts of one source. Alerts of the same incident keep their order. New incidents of one payload are
    /// opened together, so that they are also paged together.
    ///
    /// - Returns: a result for each event, in order, once everything is committed.
    package func receive(_ events: [AlertEvent], from source: AlertSource) async -> [AlertResult] {
        let results = await store(events, from: source)
        tally.count(results)
        return results
    }

    private func store(_ events: [AlertEvent], from source: AlertSource) async -> [AlertResult] {
        let formerKeys = await formerKeys(of: events, source)
        if events.count == 1 {
            let problem = await problem(events[0], source, formerKeys)
            return [await directory.receive(Alert(event: events[0], source: source), of: problem)]
        }
        var results = [AlertResult?](repeating: nil, count: events.count)
        var groups: [IncidentKey: [Int]] = [:]
        for index in events.indices {
            groups[await problem(events[index], source, formerKeys), default: []].append(index)
        }
        if groups.count > 1 {
            let opening = BatchOpening(directory: directory, context: context, source: source)
            for (index, result) in await opening.open(groups, events) { results[index] = result }
        }
        for (index, result) in await forward(groups, events, source, where: { results[$0] == nil }) {
            results[index] = result
        }
        return results.map { $0 ?? .failed("not processed") }
    }

    /// Sends each incident's alerts in order, for all incidents concurrently.
    private func forward(
        _ groups: [IncidentKey: [Int]], _ events: [AlertEvent], _ source: AlertSource, where isOpen: (Int) -> Bool
    ) async -> [(Int, AlertResult)] {
        await withTaskGroup(of: [(Int, AlertResult)].self) { group in
            for (problem, indices) in groups {
                let open = indices.filter(isOpen)
                if open.isEmpty { continue }
                group.addTask {
                    var results: [(Int, AlertResult)] = []
                    for index in open {
                        results.append(
                            (index, await directory.receive(Alert(event: events[index], source: source), of: problem)))
                    }
                    return results
                }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
    }

    /// Finds the events whose incident is open under the key of an earlier version, and not under their own.
    ///
    /// - Returns: the earlier keys by those of the events.
    private func formerKeys(of events: [AlertEvent], _ source: AlertSource) async -> [DedupKey: DedupKey] {
        let pairs = events.compactMap { event in
            event.group == nil ? event.formerKey.map { (new: event.dedupKey, former: $0) } : nil
        }
        guard !pairs.isEmpty else { return [:] }
        // If the database does not answer, storing the alerts reports the error.
        let open = try? await context.store.knownKeys(
            Array(Set(pairs.flatMap { [$0.new, $0.former] })), source: source.id, team: source.teamID,
            resolvedSince: nil)
        guard let open, !open.isEmpty else { return [:] }
        return Dictionary(
            pairs.filter { !open.contains($0.new) && open.contains($0.former) }.map { ($0.new, $0.former) }
        ) { first, _ in first }
    }

    /// Returns the key of the incident for an event. In a source that groups alerts, later messages of an alert may
    /// lack the label. They then belong to the open incident that contains the alert.
    private func problem(
        _ event: AlertEvent, _ source: AlertSource, _ formerKeys: [DedupKey: DedupKey]
    ) async -> IncidentKey {
        var key = event.group ?? formerKeys[event.dedupKey] ?? event.dedupKey
        if event.group == nil, event.status != .firing, source.options.contains("group_by"),
            let holder = try? await context.store.incident(holding: event.dedupKey, of: source.id)
        {
            key = holder.dedupKey
        }
        return IncidentKey(sourceID: source.id, teamID: source.teamID, key: key)
    }
}
