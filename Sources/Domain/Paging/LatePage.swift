/// A page that its provider has not accepted in time, and the person's next page, which is not due yet.
package struct LatePage: Sendable, Hashable {
    /// The maximum number that is looked at in one pass.
    package static let limit = 500

    package let incidentID: IncidentID
    package let userID: UserID
    package let channel: Channel
    package let next: PageID
    package let nextChannel: Channel

    package init(incidentID: IncidentID, userID: UserID, channel: Channel, next: PageID, nextChannel: Channel) {
        self.incidentID = incidentID
        self.userID = userID
        self.channel = channel
        self.next = next
        self.nextChannel = nextChannel
    }
}
