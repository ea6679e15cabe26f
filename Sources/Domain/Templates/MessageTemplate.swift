/// The operator's own words for messages about one incident, in place of PagerPal's.
package struct MessageTemplate: Sendable, Hashable, Identifiable {
    package let id: MessageTemplateID
    package var use: Use
    package var language: Language
    /// Words with placeholders in braces, such as `#{number} {SEVERITY}: {title}`. See `TemplateText`.
    package var text: String

    package init(id: MessageTemplateID, use: Use, language: Language = .all, text: String) {
        self.id = id
        self.use = use
        self.language = language
        self.text = text
    }

    /// Which words of which messages a template replaces.
    package enum Use: String, Sendable, CaseIterable {
        /// A text message, by SMS or WhatsApp.
        case text
        /// What a call says.
        case voice
        /// The subject of an e-mail, and the title of a push message or a message in a chat.
        case title
        /// The first lines of an e-mail, a push message or a message in a chat. PagerPal's facts follow.
        case opening
    }

    /// The language of the people who get the message.
    package enum Language: String, Sendable, CaseIterable {
        /// Every language for which there is no template of its own.
        case all
        case en, de, hr, es, fr

        /// `all languages`, `German`.
        package var name: String {
            switch self {
            case .all: "all languages"
            case .en: "English"
            case .de: "German"
            case .hr: "Croatian"
            case .es: "Spanish"
            case .fr: "French"
            }
        }
    }

    /// What people call it: `Text message, German`.
    package var name: String { "\(use.name), \(language.name)" }
}

extension MessageTemplate.Use {
    /// `Text message`.
    package var name: String {
        switch self {
        case .text: "Text message"
        case .voice: "Voice call"
        case .title: "Title"
        case .opening: "Opening"
        }
    }

    /// What it replaces, as a sentence.
    package var explanation: String {
        switch self {
        case .text:
            "An SMS or a WhatsApp message. Without {link}, the link that acknowledges follows on a line of its own."
        case .voice:
            "What a call says. How to acknowledge follows by itself. An English voice reads a template for all languages."
        case .title: "The subject of an e-mail, and the title of a push message or a message in a chat."
        case .opening: "The first lines of an e-mail, a push message or a message in a chat. PagerPal's facts follow."
        }
    }

    /// Characters of the template.
    package var limit: Int {
        switch self {
        case .text: 300
        case .voice: 500
        case .title: 150
        case .opening: 1_000
        }
    }

    /// PagerPal's own words as a template, to begin with. Empty for the opening, which PagerPal has none of.
    package var usualText: String {
        switch self {
        case .text: "#{number} {SEVERITY}: {title}"
        case .voice: CallWords.english.template
        case .title: "[#{number} {SEVERITY}] {title}"
        case .opening: ""
        }
    }

    /// The same in the language of a template, where it makes a difference.
    package func usualText(in language: MessageTemplate.Language) -> String {
        self == .voice ? CallWords.of(language.rawValue).template : usualText
    }

    /// Whether a template may contain `{link}`.
    package var mayLink: Bool {
        switch self {
        case .text, .opening: true
        case .voice, .title: false
        }
    }

    /// Channels whose messages show what the template makes.
    package var sampleChannels: [Channel] {
        switch self {
        case .text: [.sms]
        case .voice: [.voice]
        case .title: [.email]
        case .opening: [.email, .ntfy]
        }
    }
}

extension Configuration {
    /// Returns the template for messages in a language like `de`: that of the language, or else that of all languages.
    package func template(_ use: MessageTemplate.Use, in language: String) -> MessageTemplate? {
        let own = messageTemplates.values.filter { $0.use == use }
        return own.first { $0.language.rawValue == language } ?? own.first { $0.language == .all }
    }
}
