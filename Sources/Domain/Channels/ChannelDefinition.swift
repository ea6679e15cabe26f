/// Everything PagerPal knows about a channel, except its provider's protocol.
package struct ChannelDefinition: Sendable {
    /// The name as it appears in the middle of a sentence.
    package let name: String
    package let address: AddressRule
    /// The name of an icon in the web interface's sprite.
    package let symbol: String
    /// What the operator must set up to enable the channel.
    package let advice: String
    package let usualRule: UsualRule
    package let form: MessageForm
    /// The longest text. Nil means that there is no limit.
    package let textLimit: TextLimit?
    /// How long to wait for a delivery report before the page counts as failed. Nil when the channel has no reports.
    package let reportTimeout: Duration?
    /// For how long after a recipient's text any text is accepted. Nil if it always is.
    package let conversation: Duration?

    init(
        name: String, address: AddressRule, symbol: String, advice: String, usualRule: UsualRule, form: MessageForm,
        textLimit: TextLimit? = nil, reportTimeout: Duration? = nil, conversation: Duration? = nil
    ) {
        self.name = name
        self.address = address
        self.symbol = symbol
        self.advice = advice
        self.usualRule = usualRule
        self.form = form
        self.textLimit = textLimit
        self.reportTimeout = reportTimeout
        self.conversation = conversation
    }
}

/// The form of the messages on a channel.
package enum MessageForm: Sendable, Hashable {
    /// A short text that ends with instructions to acknowledge.
    case text
    /// A text that is read aloud.
    case speech
    /// An e-mail in plain text and HTML.
    case mail
    /// A title, a text and a button that acknowledges.
    case push
    /// A JSON object for a program.
    case json
}

/// How a channel is used for people who have no notification rules of their own.
package struct UsualRule: Sendable, Hashable {
    /// The delay after the page is queued. Channels with a delay are for insistence. A person who has no channel
    /// without a delay is paged over these at once.
    package let delay: Duration
    /// Of the channels with a delay, only those of the lowest rank are used.
    package let rank: Int
    /// Whether low-urgency pages use this channel.
    package let isQuiet: Bool

    init(delay: Duration = .zero, rank: Int = 0, isQuiet: Bool = false) {
        self.delay = delay
        self.rank = rank
        self.isQuiet = isQuiet
    }
}
