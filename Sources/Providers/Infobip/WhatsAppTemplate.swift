package import Domain

/// A template that WhatsApp approved. With it a message may reach somebody who has not written lately.
package struct WhatsAppTemplate: Sendable, Hashable {
    package var name: String
    /// What each placeholder of the template's text gets. Empty: it has one, which gets the whole message.
    package var placeholders: [TemplateText]
    /// What each quick reply button of the template sends back: a reply, such as `ack`.
    package var buttons: [String]
    /// The codes of the languages in which the template is registered, such as `en` or `de_AT`. The first one is for
    /// people with another language.
    package var languages: [String]

    package init(
        name: String, placeholders: [TemplateText] = [], buttons: [String] = [], languages: [String] = ["en"]
    ) {
        self.name = name
        self.placeholders = placeholders
        self.buttons = buttons
        self.languages = languages
    }

    /// Returns the registered language that fits a person's best: `de_AT` for `de-AT`, else `de`, else another `de_…`.
    func language(for locale: String) -> String {
        let code = locale.replacing("-", with: "_").lowercased()
        let short = code.prefix { $0 != "_" }
        return languages.first { $0.lowercased() == code }
            ?? languages.first { $0.lowercased() == short }
            ?? languages.first { $0.lowercased().hasPrefix(short + "_") }
            ?? languages.first ?? "en"
    }

    /// Returns the texts for the placeholders, in their order. WhatsApp accepts none that is empty.
    func texts(for message: Message) -> [String] {
        guard !placeholders.isEmpty else { return [WhatsAppTemplate.flattened(message.shortText, within: 1_000)] }
        let room = 1_000 / placeholders.count
        guard let values = message.values else {
            // A message about several incidents or about none: its whole text comes where an incident has its title.
            let place = placeholders.firstIndex { $0.placeholders.contains(.title) } ?? 0
            return placeholders.indices.map {
                WhatsAppTemplate.flattened($0 == place ? message.shortText : "", within: 1_000 - 2 * placeholders.count)
            }
        }
        let place = placeToNameDrill
        return placeholders.indices.map { index in
            var values = values
            if index != place { values.drill = nil }
            let text = placeholders[index]
            return WhatsAppTemplate.flattened(
                text.filled(values) ?? "\(values.drill ?? "") \(values.linkAlone(in: text))", within: room)
        }
    }

    /// The placeholder before which a drill is called one; nil if its title says so.
    private var placeToNameDrill: Int? {
        if placeholders.contains(where: { $0.placeholders.contains(.title) }) { return nil }
        return placeholders.firstIndex { $0.links == 0 } ?? 0
    }

    /// WhatsApp refuses a placeholder that is empty or contains line ends, tabs or more than four consecutive blanks.
    static func flattened(_ text: String, within limit: Int) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline }
        return words.isEmpty ? "-" : String(words.joined(separator: " ").prefix(limit))
    }
}

extension TemplateValues {
    /// What a text without words is: the link, if it has one.
    fileprivate func linkAlone(in text: TemplateText) -> String { text.links > 0 ? link : "" }
}
