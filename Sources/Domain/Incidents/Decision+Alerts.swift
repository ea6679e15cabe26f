extension Decision {
    /// Records another alert for the same problem. It pages nobody unless the severity rises.
    mutating func receive(_ event: AlertEvent, autoResolveAfter silence: Duration?) {
        guard incident.isOpen else {
            transition.outcome = .ignored("the incident is resolved")
            return
        }
        switch event.status {
        case .firing: update(with: event, silence: silence)
        case .resolved: if incident.alerts.isEmpty { recover(with: event) } else { recoverOne(with: event) }
        case .acknowledged: if (try? acknowledge()) == nil { transition.outcome = .ignored("the incident is resolved") }
        case .informational:
            log(.informed(text: event.title))
            transition.outcome = .updated
        }
    }

    private mutating func update(with event: AlertEvent, silence: Duration?) {
        incident.alertCount += 1
        incident.lastAlertAt = now
        incident.updatedAt = now
        if !incident.alerts.isEmpty {
            join(event)
            return incident.awaitRepeat(of: event, silence: silence)
        }
        incident.awaitRepeat(of: event, silence: silence)
        if let begins = event.startsAt, let known = incident.startsAt, begins < known {
            transition.outcome = .updated  // An older signal that was overtaken: it counts, its text does not.
            return
        }
        incident.title = event.title
        incident.text = event.text
        incident.labels.merge(event.labels) { $1 }
        if !event.links.isEmpty { incident.links = event.links }
        incident.startsAt = event.startsAt ?? incident.startsAt
        transition.outcome = .updated
        if let severity = event.severity, severity > incident.severity { raise(to: severity) }
    }

    /// Raises the severity. If the incident becomes urgent, the first step runs again with the high-urgency rules.
    mutating func raise(to severity: Severity) {
        let before = incident.urgency
        log(.severityRaised(from: incident.severity, to: severity))
        incident.severity = severity
        if incident.isHeldOff {
            transition.outcome = .updated
            return reconsiderHoldOff()
        }
        guard case .triggered = incident.state, !incident.isHeld, before < incident.urgency else { return }
        transition.pageChanges.append(.cancelAll(reason: "the severity was raised"))
        takeTurn(from: .first)
        transition.outcome = .updated
    }

    /// A recovery ends the episode it belongs to, not a later one.
    private mutating func recover(with event: AlertEvent) {
        if let begins = event.startsAt, let known = incident.startsAt, begins < known {
            transition.outcome = .ignored("the recovery belongs to an earlier episode")
            return
        }
        resolve(note: nil)
    }
}
