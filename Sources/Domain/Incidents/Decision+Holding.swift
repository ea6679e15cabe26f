extension Incident {
    /// Whether it was opened during maintenance and nobody was paged for it yet.
    package var isHeld: Bool { if case .triggered(.held) = state { true } else { false } }
}

extension Decision {
    /// Gives the policy's first step its turn, or holds the incident until the maintenance that covers it is over.
    mutating func startPaging() {
        guard let maintenance else { return takeTurn(from: .first) }
        incident.state = .triggered(.held(until: maintenance.until, window: maintenance.window.name))
        log(.held(window: maintenance.window.name, until: maintenance.until), by: .system)
    }

    /// The window that covers the incident now, and its end.
    private var maintenance: (window: MaintenanceWindow, until: Timestamp)? {
        configuration.maintenance(team: incident.teamID, source: incident.sourceID, labels: incident.labels, at: now)
    }

    /// The window that held an incident may have ended, or been followed by another one.
    mutating func reconsiderHold() {
        guard case .triggered(.held(let until, let window)) = incident.state else {
            transition.outcome = .ignored("nothing is held")
            return
        }
        if let next = maintenance {
            if next.until == until && next.window.name == window {
                transition.outcome = .ignored("the maintenance goes on")
                return
            }
        } else {
            log(.maintenanceEnded(window: window), by: .system)
        }
        transition.outcome = .escalated
        startPaging()
    }

    /// Looks at a held incident when windows were changed; any other one is none of theirs.
    mutating func maintenanceChanged() { reconsiderHold() }

    /// The alert came back within its source's window after the source, or silence, had resolved the incident: nobody
    /// is paged anew, and what was still to come comes later by the time that it was resolved. What a person resolved
    /// was taken for over, so there the policy starts at its first step.
    mutating func resume() throws(Refusal) {
        guard case .resolved(_, let since) = incident.state else { throw .notResolved }
        guard let before = incident.beforeResolution else {
            log(.reopened)
            startPaging()
            transition.outcome = .reopened
            return
        }
        let pause = now - since
        log(.resumed)
        incident.beforeResolution = nil
        switch before {
        case .triggered(.due(let position, let at)):
            incident.state = .triggered(.due(position, at: at + pause))
            revivePages(cancelledSince: since, later: pause)
        case .triggered(.snoozed):
            incident.state = before
            revivePages(cancelledSince: since, later: .zero)
        case .triggered(.held), .triggered(.exhausted), .acknowledged, .resolved: incident.state = before
        }
        transition.outcome = .reopened
    }

    private mutating func revivePages(cancelledSince since: Timestamp, later: Duration) {
        transition.pageChanges.append(.revive(cycle: incident.cycle, cancelledSince: since, later: later))
    }
}
