/// A page that its provider has not accepted in time, and the person's next page, which is not due yet.
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
        cause: Cause
    ) {
        self.incidentID = incidentID
        self.userID = userID
        self.channel = channel
        self.next = next
        self.nextChannel = nextChannel
        self.waited = waited
        self.cause = cause
    }

    /// `SMS to Ada takes long (6 s so far: the provider has not answered); e-mail is next, at once`.
    package func explanation(person: String) -> String {
        let why =
            switch cause {
            case .notBegun: "the provider is pausing or busy, or has had many messages for this address"
            case .noAnswer: "the provider has not answered"
            case .refused(let fault): String((fault.last == "." ? fault.dropLast() : fault[...]).prefix(200))
            }
        let seconds = waited.components.seconds
        return
            "\(channel.name) to \(person) takes long (\(seconds) s so far: \(why)); \(nextChannel.name) is next, at once"
    }
}
