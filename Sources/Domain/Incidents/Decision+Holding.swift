extension Incident {
    /// Whether it opened during maintenance and has paged nobody yet.
    package var isHeld: Bool { if case .triggered(.held) = state { true } else { false } }

    /// Whether it has paged nobody yet, because it may be over soon.
    package var isHeldOff: Bool {
        if case .triggered(.due(.first, let at)) = state { cycle == 0 && at > openedAt } else { false }
    }
}

extension Decision {
    /// Runs the policy's first step, at once or after the hold-off. During maintenance it holds the incident until the
    /// window ends.
    ///
    /// - Parameter since: when the alert began to fire.
    mutating func startPaging(since: Timestamp) {
        guard let maintenance else { return startUnheld(since: since) }
        incident.state = .triggered(.held(until: maintenance.until, window: maintenance.window.name))
        log(.held(window: maintenance.window.name, until: maintenance.until), by: .system)
    }

    private mutating func startUnheld(since: Timestamp) {
        let holdOff = configuration.holdOff(
            source: incident.sourceID, policy: incident.policy, severity: incident.severity)
        guard since + holdOff > now else { return takeTurn(from: .first) }
        incident.state = .triggered(.due(.first, at: since + holdOff))
        let words = "an incident of severity \(incident.severity.rawValue) pages only if it still fires after"
        log(.movedOn(explanation: "\(words) \(holdOff.words)"), by: .system)
    }

    /// Pages sooner if the severity that an incident has now is held off for a shorter time.
    mutating func reconsiderHoldOff() {
        guard incident.isHeldOff, case .triggered(.due(_, let at)) = incident.state else { return }
        let holdOff = configuration.holdOff(
            source: incident.sourceID, policy: incident.policy, severity: incident.severity)
        guard incident.openedAt + holdOff < at else { return }
        startUnheld(since: incident.openedAt)
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
        startPaging(since: incident.openedAt)
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
            startPaging(since: now)
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
