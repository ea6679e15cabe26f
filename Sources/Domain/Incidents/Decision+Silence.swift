extension Incident {
    /// Sets when the incident is over unless an alert arrives: after the source's silence, or at the end that the sender
    /// named, whichever is earlier. A repeat only moves that end later, because two senders of one alert may disagree.
    mutating func awaitRepeat(of event: AlertEvent, silence: Duration?) {
        guard alerts.isEmpty else { return awaitRepeats(silence: silence) }
        let end = event.expiresAt.map { max($0, isOpen ? autoResolvesAt ?? $0 : $0) }
        autoResolvesAt = [silence.map { lastAlertAt + $0 }, end].compactMap(\.self).min()
    }

    /// The same for an incident with several alerts: the first of their ends.
    mutating func awaitRepeats(silence: Duration?) {
        let ends = alerts.values.filter(\.isFiring).compactMap(\.expiresAt)
        autoResolvesAt = (ends + [silence.map { lastAlertAt + $0 }].compactMap(\.self)).min()
    }
}

extension Decision {
    /// How long the incident's source may be silent. Nil means for ever.
    var silenceOfSource: Duration? { incident.sourceID.flatMap { configuration.source($0)?.autoResolveAfter } }

    /// Resolves the incident, or those of its alerts whose end has passed.
    mutating func fallSilent() {
        let silence = silenceOfSource
        let isQuiet = silence.map { incident.lastAlertAt + $0 <= now } ?? false
        let over = incident.alerts.filter { alert in
            alert.value.isFiring && alert.value.expiresAt.map { $0 <= now } ?? false
        }
        guard !over.isEmpty, !isQuiet, over.count < incident.firingAlerts else {
            return resolve(note: "nothing was heard of it any more")
        }
        for key in over.keys.sorted() {
            incident.alerts[key]?.isFiring = false
            guard incident.alerts.count <= GroupedAlert.Limits.told, let alert = incident.alerts[key] else { continue }
            log(.alertRecovered(title: alert.title, firing: incident.firingAlerts))
        }
        incident.updatedAt = now
        incident.awaitRepeats(silence: silence)
        transition.outcome = .updated
    }
}
