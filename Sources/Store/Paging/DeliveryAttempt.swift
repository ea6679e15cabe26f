package import Domain

/// The result of one attempt to deliver a message, stored for each of its pages.
package struct DeliveryAttempt: Sendable {
    package var message: ClaimedMessage
    package var provider: String
    package var receipt: Receipt
    /// What to do next when the message was not accepted.
    package var next: Next
    package var startedAt: Timestamp
    package var duration: Duration
    /// When the delivery report is overdue. Nil when the channel has no reports.
    package var receiptDueAt: Timestamp?
    /// The people's names, for the timeline.
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
    /// The same receipt with text that can be stored.
    fileprivate var plain: Receipt {
        switch self {
        case .accepted(let reference, let note):
            .accepted(reference: reference?.plain(limit: 200), note: note?.plain(limit: Fault.longest))
        case .notSent(let reason): .notSent(reason: reason.plain(limit: Fault.longest))
        case .temporary, .permanent, .unknown: self
        }
    }

    /// The word in the log of attempts.
    package var word: String {
        switch self {
        case .accepted: "accepted"
        case .temporary: "temporary"
        case .permanent: "permanent"
        case .unknown: "unknown"
        case .notSent: "notSent"
        }
    }

    /// The sentence in the log of attempts.
    package var explanation: String? {
        switch self {
        case .accepted(_, let note): note
        case .temporary(let fault, _), .permanent(let fault), .unknown(let fault): fault.explanation
        case .notSent(let reason): reason
        }
    }
}
