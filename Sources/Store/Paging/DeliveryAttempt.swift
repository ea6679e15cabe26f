package import Domain

/// The result of one hand-over of a message, to be stored for each of its pages.
package struct DeliveryAttempt: Sendable {
    package var message: ClaimedMessage
    package var provider: String
    package var receipt: Receipt
    /// What follows a receipt that is not an acceptance.
    package var next: Next
    package var startedAt: Timestamp
    package var duration: Duration
    /// When the provider's report must have come; nil when the channel has none.
    package var receiptDueAt: Timestamp?
    /// Names of the people for the timeline.
    package var people: [UserID: String]

    package init(
        message: ClaimedMessage, provider: String, receipt: Receipt, next: Next, startedAt: Timestamp,
        duration: Duration, receiptDueAt: Timestamp?, people: [UserID: String]
    ) {
        self.message = message
        self.provider = provider
        self.receipt = receipt.plain
        self.next = next
        self.startedAt = startedAt
        self.duration = duration
        self.receiptDueAt = receiptDueAt
        self.people = people
    }

    package enum Next: Sendable, Hashable {
        case sent
        case retry(at: Timestamp)
        case fail
    }
}

extension Receipt {
    /// The same with words that can be stored.
    fileprivate var plain: Receipt {
        switch self {
        case .accepted(let reference, let note):
            .accepted(reference: reference?.plain(limit: 200), note: note?.plain(limit: Fault.longest))
        case .notSent(let reason): .notSent(reason: reason.plain(limit: Fault.longest))
        case .temporary, .permanent, .unknown: self
        }
    }

    /// The word for the log of attempts.
    package var word: String {
        switch self {
        case .accepted: "accepted"
        case .temporary: "temporary"
        case .permanent: "permanent"
        case .unknown: "unknown"
        case .notSent: "notSent"
        }
    }

    /// The sentence for the log of attempts.
    package var explanation: String? {
        switch self {
        case .accepted(_, let note): note
        case .temporary(let fault, _), .permanent(let fault), .unknown(let fault): fault.explanation
        case .notSent(let reason): reason
        }
    }
}
