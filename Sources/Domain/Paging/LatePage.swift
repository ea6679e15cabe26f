/// A page that its provider has not accepted in time or can't accept in time, and the person's next page, which is not
/// due yet.
package struct LatePage: Sendable, Hashable {
    /// The maximum number that is looked at in one pass.
    package static let limit = 500

    package let incidentID: IncidentID
    package let userID: UserID
    package let channel: Channel
    package let next: PageID
    package let nextChannel: Channel
    /// How long the page has waited since it was due.
    package let waited: Duration
    package let cause: Cause
    /// Whether the page has not waited long yet, but its provider is known to keep it waiting.
    package let isForeseen: Bool

    /// Why a page is late.
    package enum Cause: Sendable, Hashable {
        /// No attempt has begun: the provider is pausing, or busy with other pages.
        case notBegun
        /// The provider has not answered yet.
        case noAnswer
        /// An attempt failed, and the next one comes later.
        case refused(String)
    }

    package init(
        incidentID: IncidentID, userID: UserID, channel: Channel, next: PageID, nextChannel: Channel, waited: Duration,
        cause: Cause, isForeseen: Bool = false
    ) {
        self.incidentID = incidentID
        self.userID = userID
        self.channel = channel
        self.next = next
        self.nextChannel = nextChannel
        self.waited = waited
        self.cause = cause
        self.isForeseen = isForeseen
    }

    /// `SMS to Ada takes long (6 s so far: the provider has not answered); e-mail is next, at once`, or
    /// `SMS to Ada would take long (the provider keeps messages waiting); e-mail is next, at once`.
    package func explanation(person: String) -> String {
        let why =
            switch cause {
            case .refused(let fault): String((fault.last == "." ? fault.dropLast() : fault[...]).prefix(200))
            case .notBegun, .noAnswer: waiting
            }
        let delay =
            isForeseen ? "would take long (\(why))" : "takes long (\(waited.components.seconds) s so far: \(why))"
        return "\(channel.name) to \(person) \(delay); \(nextChannel.name) is next, at once"
    }

    private var waiting: String {
        if isForeseen { return "the provider keeps messages waiting" }
        return cause == .noAnswer
            ? "the provider has not answered"
            : "the provider is pausing or busy, or has had many messages for this address"
    }
}
