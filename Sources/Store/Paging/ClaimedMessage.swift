package import Domain

/// Pages that were claimed under a lease and leave together, as one message to one contact method.
package struct ClaimedMessage: Sendable, Hashable {
    /// The provider's idempotency key: the id of the first page. It is the same at every attempt.
    package var id: String
    package var pages: [ClaimedPage]
    /// The epoch of the lease under which it was claimed. A result counts only until another claim takes the pages.
    package var epoch: Int64
    /// Whether it was attempted before. It then leaves as a whole: a provider takes two parts with one id for one message.
    package var isRepeat: Bool

    package init(id: String, pages: [ClaimedPage], epoch: Int64, isRepeat: Bool = false) {
        self.id = id
        self.pages = pages
        self.epoch = epoch
        self.isRepeat = isRepeat
    }
}

/// A page that was claimed for sending.
package struct ClaimedPage: Sendable, Hashable {
    package var page: Page
    package var cycle: Int
    package var queuedAt: Timestamp
    /// The message to which it belonged at an earlier attempt.
    package var message: String?

    package var teamID: TeamID?

    package init(page: Page, cycle: Int, queuedAt: Timestamp, message: String? = nil, teamID: TeamID? = nil) {
        self.teamID = teamID
        self.page = page
        self.cycle = cycle
        self.queuedAt = queuedAt
        self.message = message
    }

    package var incidentID: IncidentID? {
        if case .incident(let id, _, _) = page.purpose { id } else { nil }
    }
}
