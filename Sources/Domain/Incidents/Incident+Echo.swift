extension Incident {
    /// How long after a recovery an older firing alert may still arrive as a copy. Copies come from the other node of a
    /// redundant pair, or after an outage that delayed delivery.
    package static let echoWindow: Duration = .minutes(15)

    /// The reason why an echo changes nothing.
    package static let echo = "it belongs to an episode that is over"

    /// Whether a firing alert is only a late copy from an episode that the source has already ended.
    package func isOver(_ event: AlertEvent, at now: Timestamp) -> Bool {
        guard event.status == .firing, event.namesEpisode, alerts.isEmpty, let begins = event.startsAt,
            let known = startsAt, case .resolved(let by, let end) = state, by.kind == .source
        else { return false }
        return begins <= known && now - end <= Incident.echoWindow
    }
}
