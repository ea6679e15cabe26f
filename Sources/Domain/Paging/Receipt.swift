/// A provider's answer to one attempt. Faults are stored and shown, never thrown.
package enum Receipt: Sendable, Hashable {
    /// The provider accepted the message. It may return its own id and text.
    case accepted(reference: String?, note: String?)
    /// The provider did not accept it, but another attempt may succeed, after the time that the provider asked for.
    case temporary(Fault, retryAfter: Duration?)
    /// The provider will never accept it.
    case permanent(Fault)
    /// Unknown whether the provider accepted it: the connection ended after the message had been written.
    case unknown(Fault)
    /// Nothing left this host, because the lease ran out or the page was no longer wanted.
    case notSent(reason: String)

    /// Whether the provider has the message, or may have it.
    package var mayHaveLeft: Bool {
        switch self {
        case .accepted, .unknown: true
        case .temporary, .permanent, .notSent: false
        }
    }
}

/// Why an attempt failed.
package struct Fault: Sendable, Hashable {
    /// Who has to act.
    package enum Blame: String, Sendable {
        /// Nobody: the network or the provider has a problem.
        case transient
        /// The recipient's address is wrong, blocked or gone.
        case recipient
        /// The operator: credentials, credit, sender names or limits.
        case account
        /// The message itself was refused.
        case message
    }

    /// What else will fail for the same reason.
    package enum Scope: Sendable, Hashable {
        /// Everything sent through the provider: it is down, or it refuses this instance of PagerPal.
        case provider
        /// Everything sent to the same address.
        case destination
    }

    package var blame: Blame
    package var scope: Scope
    /// Whether another attempt will most likely fail too. A host without an address may be a passing fault of the
    /// resolver, but more often it is misspelled.
    package var isDoubtful = false
    /// Says what happened and what to do. It contains no secrets and no control characters, and at most `longest`
    /// characters.
    package let explanation: String

    package static let longest = 500

    /// - Parameter scope: nil derives the scope from the blame: the destination when the recipient or the message is to
    ///   blame, and the provider otherwise.
    package init(_ blame: Blame, _ explanation: String, scope: Scope? = nil) {
        self.blame = blame
        self.scope = scope ?? blame.usualScope
        self.explanation = explanation.plain(limit: Fault.longest)
    }

    /// The same fault, marked as one that will most likely stay.
    package var doubtful: Fault {
        var fault = self
        fault.isDoubtful = true
        return fault
    }
}

extension Fault.Blame {
    fileprivate var usualScope: Fault.Scope {
        switch self {
        case .transient, .account: .provider
        case .recipient, .message: .destination
        }
    }
}

/// A provider's later report about a message that it accepted.
package struct DeliveryReport: Sendable, Hashable {
    package enum Status: String, Sendable {
        /// On its way. Not final.
        case pending
        case delivered
        /// Read by the recipient, and therefore delivered.
        case seen
        case failed
    }

    package var messageID: String
    package var status: Status
    /// When it happened, by the provider's clock. Nil when the provider does not say.
    package var at: Timestamp?
    /// The provider's text, for the log. It is limited and cleaned like a fault's.
    package let explanation: String
    /// Who has to act on a failure.
    package var blame: Fault.Blame?

    /// The key that the recipient pressed during a call.
    package var key: Character?

    /// The key that acknowledges.
    package static let acknowledgementKey: Character = "1"

    package init(
        messageID: String, status: Status, at: Timestamp?, explanation: String, blame: Fault.Blame? = nil,
        key: Character? = nil
    ) {
        self.messageID = messageID.plain(limit: 200)
        self.status = status
        self.at = at
        self.explanation = explanation.plain(limit: Fault.longest)
        self.blame = blame
        self.key = key
    }
}
