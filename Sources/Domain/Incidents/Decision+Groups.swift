extension Decision {
    /// Adds a firing alert to a grouped incident. With one alert, the incident's text follows that alert. With several,
    /// the text of the first stays, and the labels are those that all alerts share.
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
        alert.expiresAt = event.expiresAt.map { max($0, known?.expiresAt ?? $0) }
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

    /// Records that one alert of a grouped incident recovered. The last recovery resolves the incident. A recovery of
    /// the whole group does too.
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
        incident.awaitRepeats(silence: silenceOfSource)
        transition.outcome = .updated
    }

    /// Returns false when the incident already holds the maximum number of firing alerts.
    private mutating func makeRoom() -> Bool {
        guard incident.alerts.count >= GroupedAlert.Limits.alerts else { return true }
        let recovered = incident.alerts.filter { !$0.value.isFiring }.map(\.key).min()
        guard let recovered else { return false }
        incident.alerts[recovered] = nil
        return true
    }
}
