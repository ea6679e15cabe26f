internal import Database
package import Domain
package import Store

/// The result of a command.
package enum CommandResult: Sendable {
    case done(Incident, Transition.Outcome)
    case refused(Refusal)
    case notFound
    /// The lease under which the command was given is no longer current.
    case fenced
    /// The database did not store the change. Nothing changed.
    case failed(String)
}

/// A command with its author.
package struct CommandRequest: Sendable {
    package var command: Command
    package var author: Author
    /// Set only for commands that require the lease.
    package var lease: Lease?
    /// The follow-up that the command completes. It is deleted with the commit. If it is gone already, the command does
    /// nothing.
    package var followUp: FollowUpID?

    package init(_ command: Command, by author: Author, lease: Lease? = nil, followUp: FollowUpID? = nil) {
        self.command = command
        self.author = author
        self.lease = lease
        self.followUp = followUp
    }
}

/// Owns one incident. Commands that arrive during a commit wait. They are then decided in order on the newest state
/// and committed together, so a storm of a thousand duplicates takes only a few commits.
package actor IncidentActor {
    /// How often a change is decided again because another process changed the incident first.
    private static let attempts = 20

    private let id: IncidentID
    private let context: IncidentContext
    /// The incident as this process knows it. The version check of the commit detects that it is out of date.
    private var known: Incident?
    /// Counts changes by other processes, so that a value read before such a change is not kept after it.
    private var foreignChanges = 0

    init(id: IncidentID, known: Incident? = nil, context: IncidentContext) {
        self.id = id
        self.known = known
        self.context = context
    }

    /// Discards the cached incident because another process changed it.
    func forget() {
        known = nil
        foreignChanges += 1
    }

    /// Decides and commits a batch. Commands under the lease are committed separately, so that a lost lease does not
    /// discard a person's acknowledgement.
    func process(_ requests: [CommandRequest]) async -> [CommandResult] {
        let isLeased = requests.map { $0.lease != nil }
        let free = await commit(zip(requests, isLeased).filter { !$1 }.map(\.0), lease: nil)
        let leased = requests.filter { $0.lease != nil }
        let bound = await commit(leased, lease: leased.last?.lease)
        var (nextFree, nextBound) = (free.makeIterator(), bound.makeIterator())
        return isLeased.map { (($0 ? nextBound.next() : nextFree.next()) ?? .notFound) }
    }

    private func commit(_ requests: [CommandRequest], lease: Lease?) async -> [CommandResult] {
        guard !requests.isEmpty else { return [] }
        for _ in 0..<IncidentActor.attempts {
            let before: Incident
            let isFresh: Bool
            let owed: Set<FollowUpID>
            do {
                guard let found = try await current() else { return requests.map { _ in .notFound } }
                (before, isFresh) = found
                // Read after the incident: another process that completes one also changes the incident's version.
                owed = try await context.store.owed(among: requests.compactMap(\.followUp))
            } catch {
                return requests.map { _ in .failed(error.description) }
            }
            let (transition, results) = decide(requests, owed, on: before)
            guard let transition, !transition.isEmpty else {
                // A command that changes nothing commits nothing, so no version check detects an outdated cache.
                do {
                    let version = isFresh ? before.version : try await context.store.incidentVersion(id)
                    if version == before.version {
                        try await context.store.settle(owed.sorted())
                        return results
                    }
                } catch {
                    return requests.map { _ in .failed(error.description) }
                }
                known = nil
                continue
            }
            let seen = foreignChanges
            let commit = Commit(before: before, transition: transition, lease: lease, followUps: owed.sorted())
            switch await context.commits.submit(commit) {
            case .committed(let after):
                known = seen == foreignChanges ? after : nil
                return results.map { $0.with(after) }
            case .conflict: known = nil
            case .fenced: return requests.map { _ in .fenced }
            case .failed(let error):
                known = nil
                return await explain(error, requests, on: before)
            }
        }
        return requests.map { _ in .failed("The incident changes too often to make this change. Try again.") }
    }

    /// Returns the results of a commit that the database refused. Only one incident of a key can be open, so a resolved
    /// one can't be reopened when the problem has opened another one since.
    private func explain(
        _ error: DatabaseError, _ requests: [CommandRequest], on before: Incident
    ) async -> [CommandResult] {
        var newer: Incident?
        if case .constraint(.unique, _) = error, case .resolved = before.state {
            newer = try? await context.store.incident(
                source: before.sourceID, team: before.teamID, key: before.dedupKey, resolvedSince: nil)
        }
        return requests.map { request in
            switch (request.command, newer) {
            case (.reopen, let newer?), (.undo, let newer?): .refused(.newerIsOpen(newer.number))
            default: .failed(error.description)
            }
        }
    }

    /// Returns the incident, and whether it was read just now without a change by another process during the read.
    private func current() async throws(DatabaseError) -> (Incident, isFresh: Bool)? {
        if let known { return (known, false) }
        let seen = foreignChanges
        guard let found = try await context.store.incident(id) else { return nil }
        guard seen == foreignChanges else { return (found, false) }
        known = found
        return (found, true)
    }

    /// Decides the commands in order, each on the state that the previous one left.
    private func decide(
        _ requests: [CommandRequest], _ owed: Set<FollowUpID>, on before: Incident
    ) -> (Transition?, [CommandResult]) {
        let (now, configuration) = (context.time.now(), context.configuration.current)
        var all: Transition?
        var results: [CommandResult] = []
        for request in requests {
            let incident = all?.incident ?? before
            if let followUp = request.followUp, !owed.contains(followUp) {
                results.append(.done(incident, .ignored("it has been done already")))
                continue
            }
            do {
                let next = try incident.decide(
                    request.command, by: request.author, at: now, configuration: configuration)
                results.append(.done(next.incident, next.outcome))
                if next.isEmpty { continue }
                if all == nil { all = next } else { all?.append(next) }
            } catch {
                results.append(.refused(error))
            }
        }
        // An ignored last command must not hide that an earlier one changed something.
        if let outcome = all?.outcome, case .ignored = outcome { all?.outcome = .updated }
        return (all, results)
    }
}

extension CommandResult {
    /// The same result with the incident as committed.
    fileprivate func with(_ incident: Incident) -> CommandResult {
        switch self {
        case .done(_, let outcome): .done(incident, outcome)
        case .refused, .notFound, .fenced, .failed: self
        }
    }
}
