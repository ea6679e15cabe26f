extension Incident {
    /// Whether it opened during maintenance and has paged nobody yet.
    package var isHeld: Bool { if case .triggered(.held) = state { true } else { false } }
}

extension Decision {
    /// Runs the policy's first step, or holds the incident until the maintenance window that covers it ends.
    mutating func startPaging() {
        guard let maintenance else { return takeTurn(from: .first) }
        incident.state = .triggered(.held(until: maintenance.until, window: maintenance.window.name))
        log(.held(window: maintenance.window.name, until: maintenance.until), by: .system)
    }

    /// The maintenance window that covers the incident now, and when it ends.
    private var maintenance: (window: MaintenanceWindow, until: Timestamp)? {
        configuration.maintenance(team: incident.teamID, source: incident.sourceID, labels: incident.labels, at: now)
    }

    /// Checks whether the maintenance window that holds the incident has ended, or another one now covers it.
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

    /// Reconsiders a held incident after maintenance windows changed. Other incidents are not affected.
    mutating func maintenanceChanged() { reconsiderHold() }

    /// Continues an incident whose alert fired again within the reopening window. If the source or silence had resolved
    /// it, nobody is paged again, and the remaining pages move by the time it was resolved. If a person had resolved
    /// it, they considered it over, so the policy starts at its first step.
    mutating func resume() throws(Refusal) {
        guard case .resolved(let resolver, let since) = incident.state else { throw .notResolved }
        guard resolver.kind != .user, let before = incident.beforeResolution else {
            log(.reopened)
            incident.beforeResolution = nil
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

    mutating func revivePages(cancelledSince since: Timestamp, later: Duration) {
        transition.pageChanges.append(.revive(cycle: incident.cycle, cancelledSince: since, later: later))
    }
}
