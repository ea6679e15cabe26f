extension Incident {
    /// How long after a recovery copies of what was sent before it may still arrive, from the other one of a pair of
    /// senders or after a time in which nothing could be delivered.
    package static let echoWindow: Duration = .minutes(15)

    /// Why an echo changes nothing.
    package static let echo = "it belongs to an episode that is over"

    /// Whether a firing alert is only a late copy of the episode that the source itself has ended.
    package func isOver(_ event: AlertEvent, at now: Timestamp) -> Bool {
        guard event.status == .firing, event.namesEpisode, alerts.isEmpty, let begins = event.startsAt,
            let known = startsAt, case .resolved(let by, let end) = state, by.kind == .source
        else { return false }
        return begins <= known && now - end <= Incident.echoWindow
    }
}
