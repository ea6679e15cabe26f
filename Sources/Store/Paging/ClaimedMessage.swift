package import Domain

/// Pages that leave together as one message to one contact method, claimed under a lease.
package struct ClaimedMessage: Sendable, Hashable {
    /// The provider's idempotency key: the first page's id, the same at every attempt.
    package var id: String
    package var pages: [ClaimedPage]
    /// The lease's epoch under which it was claimed: a result counts only while nobody claimed its pages under another.
    package var epoch: Int64

    package init(id: String, pages: [ClaimedPage], epoch: Int64) {
        self.id = id
        self.pages = pages
        self.epoch = epoch
    }
}

/// One page on its way out.
package struct ClaimedPage: Sendable, Hashable {
    package var page: Page
    package var cycle: Int
    package var queuedAt: Timestamp
    /// The message that it belonged to at an earlier attempt.
    package var message: String?

    package init(page: Page, cycle: Int, queuedAt: Timestamp, message: String? = nil) {
        self.page = page
        self.cycle = cycle
        self.queuedAt = queuedAt
        self.message = message
    }

    package var incidentID: IncidentID? {
        if case .incident(let id, _, _) = page.purpose { id } else { nil }
    }
}
