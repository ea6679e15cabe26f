internal import Domain

/// The operator's words for one message about one incident.
struct OwnWords: Sendable {
    private let templates: [MessageTemplate.Use: TemplateText]
    private let values: TemplateValues
    private let severity: Severity
    /// `possible duplicate` in the person's language, if that is what the message is.
    private let mark: String?
    /// The operator's words for a call in the person's language, and in English. A template for all languages is
    /// English.
    private let calls, englishCalls: (template: TemplateText, words: CallWords)?

    /// The characters of what an alert says, in a text message. PagerPal's own words have the same limit.
    private static let shortValue = 120
    /// The characters of a text message without parts. A template that WhatsApp approved takes no more, and cuts the rest.
    private static let longestText = 1_000
    /// Longer than an alert's title with PagerPal's words. Push messages cut it again.
    private static let longestTitle = TextLimit.characters(700)

    /// Nil if the operator has no words. A template that can't be read counts as none, so that every page leaves.
    init?(
        _ configuration: Configuration, _ phrases: Phrases, _ values: TemplateValues, severity: Severity,
        isPossibleDuplicate: Bool
    ) {
        guard !configuration.messageTemplates.isEmpty else { return nil }
        let known = MessageTemplate.Use.allCases.compactMap { use -> (MessageTemplate.Use, TemplateText)? in
            configuration.template(use, in: phrases.language).flatMap { try? TemplateText($0.text) }.map { (use, $0) }
        }
        templates = Dictionary(known) { first, _ in first }
        self.values = values
        self.severity = severity
        mark = isPossibleDuplicate ? phrases.possibleDuplicate : nil
        calls = OwnWords.calls(in: phrases.language, configuration)
        englishCalls = OwnWords.calls(in: CallWords.english.language, configuration)
    }

    private static func calls(
        in language: String, _ configuration: Configuration
    ) -> (template: TemplateText, words: CallWords)? {
        guard let found = configuration.template(.voice, in: language), let template = try? TemplateText(found.text)
        else { return nil }
        return (template, found.language == .all ? .english : CallWords.of(language))
    }

    /// The subject or title, on one line.
    var title: String? {
        templates[.title]?.filled(values, within: OwnWords.longestTitle)?.replacing("\n", with: " ").trimmingBlanks()
    }

    /// The lines before the facts.
    func opening(within limit: TextLimit?) -> String? {
        templates[.opening]?.filled(values, within: limit)?.trimmingBlanks()
    }

    /// - Parameter end: how to acknowledge. It follows if the operator's words don't contain the link.
    func text(within limit: TextLimit?, end: String) -> String? {
        guard let template = templates[.text] else { return nil }
        var limit = limit
        if case .characters(let most)? = limit { limit = .characters(min(most, OwnWords.longestText)) }
        let short = values.mapped { String($0.prefix(OwnWords.shortValue)) }
        return template.filled(
            short, within: limit, start: mark.map { "(\($0)) " } ?? "", end: template.links > 0 ? "" : end)
    }

    /// What a call says, without addresses.
    ///
    /// - Parameter usual: PagerPal's own words, where the operator has none.
    func speech(_ usual: Speech, within limit: TextLimit?) -> Speech {
        var speech = usual
        if let calls, let text = said(calls, limit) { (speech.text, speech.language) = (text, calls.words.language) }
        if let englishCalls, let text = said(englishCalls, limit) { speech.english = text }
        return speech
    }

    private func said(_ calls: (template: TemplateText, words: CallWords), _ limit: TextLimit?) -> String? {
        var values = values.mapped(\.withoutAddresses)
        values.severity = calls.words.word(for: severity)
        if values.drill != nil { values.drill = calls.words.drill }
        let start = mark == nil ? "" : "\(calls.words.possibleDuplicate.capitalizedFirst). "
        return calls.template.filled(values, within: limit, start: start)?.withoutAddresses
            .replacing("\n", with: " ")
    }
}
