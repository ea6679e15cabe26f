/// A provider's answer to one hand-over. A fault is a result to be stored and shown, never thrown.
package enum Receipt: Sendable, Hashable {
    /// The provider took the message; its own id and words, when it has any.
    case accepted(reference: String?, note: String?)
    /// It did not, and another try may help, not before the time the provider asked for.
    case temporary(Fault, retryAfter: Duration?)
    /// It did not and never will.
    case permanent(Fault)
    /// It is not known whether the provider took it: the connection ended after the message had been written.
    case unknown(Fault)
    /// Nothing left this host, for the lease ran out or the page was no longer wanted.
    case notSent(reason: String)
}

/// Why a hand-over failed.
package struct Fault: Sendable, Hashable {
    /// Who has to act on it.
    package enum Blame: String, Sendable {
        /// Nobody: the network or the provider is in trouble.
        case transient
        /// The recipient's address is wrong, blocked or gone.
        case recipient
        /// The operator: credentials, credit, sender names, limits.
        case account
        /// The message itself was refused.
        case message
    }

    /// What else will fail for the same reason.
    package enum Scope: Sendable, Hashable {
        /// Everything that is sent through the provider: it is down, or refuses this PagerPal.
        case provider
        /// What is sent to the same address.
        case destination
    }

    package var blame: Blame
    package var scope: Scope
    /// A sentence for people: what happened and what to do. Holds no secret, no control character and no more than
    /// `longest` characters.
    package let explanation: String

    package static let longest = 500

    /// - Parameter scope: nil takes what the blame suggests: the provider, unless the recipient or the message is to
    ///   blame.
    package init(_ blame: Blame, _ explanation: String, scope: Scope? = nil) {
        self.blame = blame
        self.scope = scope ?? blame.usualScope
        self.explanation = explanation.plain(limit: Fault.longest)
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

/// What a provider later reports about a message that it took.
package struct DeliveryReport: Sendable, Hashable {
    package enum Status: String, Sendable {
        /// On its way; nothing is final.
        case pending
        case delivered
        /// Read by the recipient, which implies delivered.
        case seen
        case failed
    }

    package var messageID: String
    package var status: Status
    /// When it happened, by the provider's clock; nil when not told.
    package var at: Timestamp?
    /// The provider's words, for the log; as bounded and as plain as a fault's.
    package let explanation: String
    /// Who has to act, on `failed`.
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
