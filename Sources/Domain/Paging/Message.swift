/// What a provider is asked to bring to an address: the text of one page, or of several that were bundled.
package struct Message: Sendable, Hashable {
    /// The same at every attempt: the provider's idempotency key, and the Message-ID of a mail. 36 characters.
    package var id: String
    package var channel: Channel
    package var address: String
    package var urgency: Urgency
    /// One line, for the subject of a mail and the title of a push message.
    package var subject: String
    /// Plain text for telephones: short, most important first, ends with how to acknowledge.
    package var shortText: String
    /// Plain text for mail.
    package var text: String
    /// A complete HTML document for mail; nil for channels without HTML.
    package var html: String?
    /// What follow-ups of the same incident have in common, for the threading of mails; nil for single messages.
    package var thread: String?
    /// Where to look and act.
    package var url: String?
    /// JSON for a webhook.
    package var json: String?

    package init(
        id: String, channel: Channel, address: String, urgency: Urgency, subject: String, shortText: String,
        text: String, html: String? = nil, thread: String? = nil, url: String? = nil, json: String? = nil
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
        self.json = json
    }
}
