package import Domain

/// The way of alerts from a webhook to their incidents.
package struct Ingest: Sendable {
    private let directory: IncidentDirectory
    private let roster: RosterKeeper

    package init(directory: IncidentDirectory, roster: RosterKeeper) {
        self.directory = directory
        self.roster = roster
    }

    /// Why an alert names a team that it may not.
    package enum TeamFault: Error, Sendable {
        case unknown(String)
        case notAllowed(String)
    }

    /// The team of an event: the one it names, which must be the source's own.
    package func team(of event: AlertEvent, from source: AlertSource) throws(TeamFault) -> TeamID {
        guard let name = event.team else { return source.teamID }
        guard let team = roster.current.team(named: name) else { throw .unknown(name) }
        guard team.id == source.teamID else { throw .notAllowed(name) }
        return team.id
    }

    /// Stores alerts of one source; those of one problem keep their order.
    ///
    /// - Returns: a result for each event, in their order, when everything is committed.
    package func receive(_ events: [AlertEvent], from source: AlertSource) async -> [AlertResult] {
        if events.count == 1 {
            return [await directory.receive(Alert(event: events[0], source: source), of: problem(events[0], source))]
        }
        let groups = Dictionary(grouping: events.indices) { problem(events[$0], source) }
        return await withTaskGroup(of: [(Int, AlertResult)].self) { group in
            for (problem, indices) in groups {
                group.addTask {
                    var results: [(Int, AlertResult)] = []
                    for index in indices {
                        results.append(
                            (index, await directory.receive(Alert(event: events[index], source: source), of: problem)))
                    }
                    return results
                }
            }
            var all = [AlertResult](repeating: .failed("not processed"), count: events.count)
            for await results in group { for (index, result) in results { all[index] = result } }
            return all
        }
    }

    private func problem(_ event: AlertEvent, _ source: AlertSource) -> Problem {
        Problem(sourceID: source.id, teamID: source.teamID, key: event.dedupKey)
    }
}
