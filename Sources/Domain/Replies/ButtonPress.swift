/// A button that somebody pressed in a chat.
package struct ButtonPress: Sendable, Hashable {
    /// The same when the vendor calls again about the same press.
    package var id: String
    package var channel: Channel
    /// The addresses under which PagerPal may know the person, in the form of contact methods. The first one is the person's own.
    package var from: [String]
    package var action: IncidentButtons.Action
    package var target: IncidentButtons.Target

    package init(
        id: String, channel: Channel, from: [String], action: IncidentButtons.Action, target: IncidentButtons.Target
    ) {
        self.id = id
        self.channel = channel
        self.from = from
        self.action = action
        self.target = target
    }
}

/// What a pressed button led to.
package enum ButtonOutcome: Sendable, Hashable {
    /// The vendor has told of it before.
    case repeated
    /// No enabled user has this address as a verified and enabled contact method.
    case stranger
    /// The person may not act on the incident with this number.
    case notAllowed(Int)
    /// The message is about an earlier opening of the incident.
    case old(Incident)
    /// The incident was deleted.
    case gone
    /// How the incident stands now, and whether this press changed that.
    case done(Incident, hasChanged: Bool)

    package var hasChanged: Bool { if case .done(_, true) = self { true } else { false } }
}
