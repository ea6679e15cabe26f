/// Everything that PagerPal knows of a channel, apart from how its provider speaks.
package struct ChannelDefinition: Sendable {
    /// For people, in the middle of a sentence.
    package let name: String
    package let address: AddressRule
    /// The name of a drawing in the web pages' sprite.
    package let symbol: String
    /// What the operator does so that the channel is served.
    package let advice: String
    package let usualRule: UsualRule
    package let form: MessageForm
    /// How long a text may be; nil when the channel takes any length.
    package let textLimit: TextLimit?
    /// How long a delivery report may take before the page counts as failed; nil when the channel has no reports.
    package let reportTimeout: Duration?

    init(
        name: String, address: AddressRule, symbol: String, advice: String, usualRule: UsualRule, form: MessageForm,
        textLimit: TextLimit? = nil, reportTimeout: Duration? = nil
    ) {
        self.name = name
        self.address = address
        self.symbol = symbol
        self.advice = advice
        self.usualRule = usualRule
        self.form = form
        self.textLimit = textLimit
        self.reportTimeout = reportTimeout
    }
}

/// What a channel carries.
package enum MessageForm: Sendable, Hashable {
    /// A short text that ends with how to acknowledge.
    case text
    /// A text that is read aloud.
    case speech
    /// A mail in plain text and HTML.
    case mail
    /// A JSON object for a program.
    case json
}

/// How a channel is used for people who have made no rules of their own.
package struct UsualRule: Sendable, Hashable {
    /// From the moment of the page. A channel with a delay is for insisting; it is used at once by people who have
    /// no channel without one.
    package let delay: Duration
    /// Of several insisting channels only those of the lowest rank are used.
    package let rank: Int
    /// Whether it is the way for low urgency.
    package let isQuiet: Bool

    init(delay: Duration = .zero, rank: Int = 0, isQuiet: Bool = false) {
        self.delay = delay
        self.rank = rank
        self.isQuiet = isQuiet
    }
}
