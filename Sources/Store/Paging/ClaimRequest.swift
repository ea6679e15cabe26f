package import Domain

/// The parameters of a claim.
package struct ClaimRequest: Sendable {
    /// The maximum number of pages in one claim.
    static let pageLimit = 2_000

    package var channels: [Channel]
    package var provider: String
    /// The maximum number of messages, at most 100.
    package var limit: Int
    /// A contact method that received a message this recently waits, so that its next pages leave together.
    package var bundlingWindow: Duration
    /// The maximum number of pages in one message.
    package var bundleLimit: Int
    /// The contact methods that have to wait, and until when.
    package var pauses: [ContactMethodID: Timestamp] = [:]
    /// Returns the code in the link of a message, by the message's id.
    package var linkCode: @Sendable (String) -> String? = { _ in nil }
    /// Whose turn it was before.
    package var served = ServedTurns()

    package init(
        channels: [Channel], provider: String, limit: Int, bundlingWindow: Duration = .zero, bundleLimit: Int = 1_000
    ) {
        self.channels = channels
        self.provider = provider
        self.limit = limit
        self.bundlingWindow = bundlingWindow
        self.bundleLimit = bundleLimit
    }
}

/// Claims of several workers that run under the same lease. The requests have the same bundling window, and no channel
/// in common.
package struct ClaimOrder: Sendable {
    package var requests: [ClaimRequest]
    package var lease: Lease

    package init(requests: [ClaimRequest], lease: Lease) {
        self.requests = requests
        self.lease = lease
    }
}

/// The result of a claim.
package enum ClaimResult: Sendable {
    case claimed([ClaimedMessage])
    /// No page is due. The first one may leave at this instant; nil if none waits.
    case nothing(next: Timestamp?)
    /// Pages are due, but other transactions have locked all of them. Retry in a moment.
    case contended
    /// The lease is no longer current.
    case fenced
}
