/// What a provider delivers to an address: the text of one page, or of several bundled pages.
package struct Message: Sendable, Hashable {
    /// Stays the same at every attempt. It is the provider's idempotency key and the Message-ID of an e-mail. 36
    /// characters.
    package var id: String
    package var channel: Channel
    package var address: String
    package var urgency: Urgency
    /// One line: the subject of an e-mail or the title of a push message.
    package var subject: String
    /// Plain text for phones: short, most important first, ending with instructions to acknowledge. For a push message
    /// it is the text below the title, without the link.
    package var shortText: String
    /// Plain text for e-mail.
    package var text: String
    /// A complete HTML document for e-mail. Nil for channels without HTML.
    package var html: String?
    /// Shared by all messages of one incident, so that mail programs show them as a thread. Nil for single messages.
    package var thread: String?
    /// The address of the page where the recipient can act.
    package var url: String?
    /// What a call says. The short text is the same in the person's language.
    package var speech: Speech?
    /// The body for a webhook, and what it is.
    package var body: String?
    package var contentType = "application/json"
    /// Whether an earlier attempt may have arrived. A vendor that calls it a duplicate then has it already.
    package var isPossibleDuplicate = false
    /// What its incident says, for vendors that fill it into a template of their own. Nil unless it is about one.
    package var values: TemplateValues?
    /// The recipient's locale, like `de-AT`.
    package var locale = "en"
    /// Whether the recipient wrote to PagerPal lately, so that a channel with conversations accepts any text.
    package var isInConversation = false
    /// Whether it is for a channel of a team. Its link leads to the incident, where people sign in, and acknowledges
    /// nothing by itself.
    package var isPost = false
    /// The vendor's id of the message that this one replaces.
    package var edits: String?
    /// What can be done at once. Nil unless it is about one open incident.
    package var buttons: IncidentButtons?

    package init(
        id: String, channel: Channel, address: String, urgency: Urgency, subject: String, shortText: String,
        text: String, html: String? = nil, thread: String? = nil, url: String? = nil, body: String? = nil
    ) {
        self.id = id
        self.channel = channel
        self.address = address
        self.urgency = urgency
        self.subject = subject
        self.shortText = shortText
        self.text = text
        self.html = html
        self.thread = thread
        self.url = url
        self.body = body
    }

    /// The words on the link.
    package var action: String { isPost ? "Open the incident" : "Acknowledge" }

    /// The subject, short enough for the title of a push message.
    package var headline: String { TextLimit.characters(250).fitted(subject) }
}
