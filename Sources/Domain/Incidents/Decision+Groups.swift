extension Decision {
    /// An alert of a grouped incident fires. The incident's words follow its alert while it has only one; with more, they
    /// stay those of the first, and the labels are those that all of them share.
    mutating func join(_ event: AlertEvent) {
        transition.outcome = .updated
        let key = event.dedupKey.rawValue
        let known = incident.alerts[key]
        if let begins = event.startsAt, let before = known?.startsAt, begins < before { return }
        if event.namesEpisode, known?.isFiring == false, event.startsAt != nil, event.startsAt == known?.startsAt {
            transition.outcome = .ignored(Incident.echo)
            return
        }
        if known == nil && !makeRoom() { return }
        var alert = GroupedAlert(event)
        alert.startsAt = event.startsAt ?? known?.startsAt
        incident.alerts[key] = alert
        if incident.alerts.count == 1 {
            incident.title = event.title
            incident.text = event.text
            incident.labels.merge(event.labels) { $1 }
            if !event.links.isEmpty { incident.links = event.links }
        } else {
            incident.labels = incident.labels.filter { event.labels[$0.key] == $0.value }
        }
        if known?.isFiring != true && incident.alerts.count <= GroupedAlert.Limits.told {
            log(.alertJoined(title: alert.title, firing: incident.firingAlerts))
        }
        if let severity = event.severity, severity > incident.severity { raise(to: severity) }
    }

    /// An alert of a grouped incident recovers; the last one resolves the incident, and so does a recovery of the group
    /// as a whole.
    mutating func recoverOne(with event: AlertEvent) {
        if event.dedupKey == incident.dedupKey { return resolve(note: nil) }
        let key = event.dedupKey.rawValue
        guard var alert = incident.alerts[key], alert.isFiring else {
            transition.outcome = .ignored("this alert of the group does not fire")
            return
        }
        if let begins = event.startsAt, let known = alert.startsAt, begins < known {
            transition.outcome = .ignored("the recovery belongs to an earlier episode")
            return
        }
        alert.isFiring = false
        incident.alerts[key] = alert
        incident.updatedAt = now
        let firing = incident.firingAlerts
        if firing == 0 {
            return resolve(note: incident.alerts.count == 1 ? nil : "all \(incident.alerts.count) alerts recovered")
        }
        if incident.alerts.count <= GroupedAlert.Limits.told {
            log(.alertRecovered(title: alert.title, firing: firing))
        }
        transition.outcome = .updated
    }

    /// False when the incident holds as many firing alerts as it may.
    private mutating func makeRoom() -> Bool {
        guard incident.alerts.count >= GroupedAlert.Limits.alerts else { return true }
        let recovered = incident.alerts.filter { !$0.value.isFiring }.map(\.key).min()
        guard let recovered else { return false }
        incident.alerts[recovered] = nil
        return true
    }
}
