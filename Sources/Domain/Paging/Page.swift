/// The notification of one responder about one incident over one contact method.
package struct Page: Sendable, Hashable, Identifiable {
    package let id: PageID
    package var purpose: Purpose
    package var userID: UserID
    package var contactMethodID: ContactMethodID
    package var channel: Channel
    /// The address when the page was queued.
    package var address: String
    package var urgency: Urgency
    package var state: State
    /// The earliest time at which it may leave.
    package var dueAt: Timestamp
    /// The number of attempts so far.
    package var attempts: Int
    /// The last fault, as a sentence without secrets.
    package var fault: String?
    /// Set when a process died between an attempt and its receipt. The page may then arrive twice.
    package var isPossibleDuplicate: Bool

    package init(
        id: PageID, purpose: Purpose, userID: UserID, contactMethodID: ContactMethodID, channel: Channel,
        address: String, urgency: Urgency, state: State = .queued, dueAt: Timestamp, attempts: Int = 0,
        fault: String? = nil, isPossibleDuplicate: Bool = false
    ) {
        self.id = id
        self.purpose = purpose
        self.userID = userID
        self.contactMethodID = contactMethodID
        self.channel = channel
        self.address = address
        self.urgency = urgency
        self.state = state
        self.dueAt = dueAt
        self.attempts = attempts
        self.fault = fault
        self.isPossibleDuplicate = isPossibleDuplicate
    }

    /// Why a page is sent.
    package enum Purpose: Sendable, Hashable {
        /// A person's turn in an incident. The cycle counts turns from 1. The step is the policy's.
        case incident(IncidentID, cycle: Int, step: Int)
        case test
        /// Verifies that the address belongs to its owner. The text carries the code.
        case verification(text: String)
        /// A notice such as "You are now on call".
        case notice(text: String)

        /// Whether there is something to send. The text of a code or a link is cleared when it has left.
        package var hasText: Bool {
            switch self {
            case .incident, .test: true
            case .verification(let text), .notice(let text): !text.isEmpty
            }
        }
    }

    /// The state of a page. It only moves forward, see `canBecome`.
    package enum State: String, Sendable, CaseIterable {
        /// Waiting until it is due and its provider has capacity.
        case queued
        /// Came due while sending was disabled. It never leaves by itself.
        case withheld
        /// The leaseholder is handing it to its provider.
        case claimed
        /// The provider accepted it. Whether it arrives is unknown.
        case sent
        /// A delivery report says that it arrived.
        case delivered
        /// Ended without arriving.
        case failed
        /// Withdrawn before it left.
        case cancelled
    }
}

extension Page.State {
    /// The allowed moves. A queued page can become delivered when a report says that an earlier attempt arrived. A
    /// claimed page returns to the queue only for its next attempt. If a decision withdrew it meanwhile, it is
    /// cancelled instead.
    package func canBecome(_ next: Page.State) -> Bool {
        switch self {
        case .queued:
            next == .claimed || next == .withheld || next == .cancelled || next == .failed || next == .delivered
        case .claimed:
            next == .queued || next == .sent || next == .delivered || next == .failed || next == .cancelled
        case .sent: next == .delivered || next == .failed
        case .withheld, .delivered, .failed, .cancelled: false
        }
    }

    /// Whether the page can no longer change.
    package var isFinal: Bool { Page.State.allCases.allSatisfy { !canBecome($0) } }
}
