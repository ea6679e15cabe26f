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
    package enum Blame: String, Sendable, Codable {
        /// Nobody: the network or the provider is in trouble.
        case transient
        /// The recipient's address is wrong, blocked or gone.
        case recipient
        /// The operator: credentials, credit, sender names, limits.
        case account
        /// The message itself was refused.
        case message
    }

    package var blame: Blame
    /// A sentence for people: what happened and what to do. Holds no secret, no control character and no more than
    /// `longest` characters.
    package let explanation: String

    package static let longest = 500

    package init(_ blame: Blame, _ explanation: String) {
        self.blame = blame
        self.explanation = explanation.plain(limit: Fault.longest)
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

    package init(messageID: String, status: Status, at: Timestamp?, explanation: String, blame: Fault.Blame? = nil) {
        self.messageID = messageID.plain(limit: 200)
        self.status = status
        self.at = at
        self.explanation = explanation.plain(limit: Fault.longest)
        self.blame = blame
    }
}
