/// One responder told of one incident over one contact method.
package struct Page: Sendable, Hashable, Identifiable {
    package let id: PageID
    package var purpose: Purpose
    package var userID: UserID
    package var contactMethodID: ContactMethodID
    package var channel: Channel
    /// The address as it was when the page was queued.
    package var address: String
    package var urgency: Urgency
    package var state: State
    /// When it may leave.
    package var dueAt: Timestamp
    /// Hand-overs so far.
    package var attempts: Int
    /// The last fault, as a sentence without secrets.
    package var fault: String?
    /// Set when a process died between hand-over and answer, so that this page may have arrived twice.
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

    /// Why a message is sent.
    package enum Purpose: Sendable, Hashable {
        /// The turn of a person in an incident: the cycle counts turns from 1, the step is the policy's.
        case incident(IncidentID, cycle: Int, step: Int)
        case test
        /// Proof that the address is its owner's; the text carries the code.
        case verification(text: String)
        /// "You are now on call", and the like.
        case notice(text: String)
    }

    /// Where a page stands. It only ever moves forward: see `canBecome`.
    package enum State: String, Sendable, CaseIterable {
        /// Waits until it is due and a provider has room.
        case queued
        /// Was due while sending was disabled; it never leaves by itself.
        case withheld
        /// Is being handed to its provider by the holder of the lease.
        case claimed
        /// The provider took it; whether it arrives is not known.
        case sent
        /// A receipt says that it arrived.
        case delivered
        /// Ended without arriving.
        case failed
        /// Not needed any more before it left.
        case cancelled
    }
}

extension Page.State {
    /// The forward moves. A queued page is delivered when a report says that an earlier attempt arrived. A claimed page goes back to the queue only for its next attempt, and is cancelled instead when a
    /// decision withdrew it meanwhile.
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

    /// Whether nothing can happen to it any more.
    package var isFinal: Bool { Page.State.allCases.allSatisfy { !canBecome($0) } }
}
