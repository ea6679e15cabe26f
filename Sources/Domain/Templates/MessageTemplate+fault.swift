extension MessageTemplate {
    /// Letters of the operator's words in a text message that leaves GSM 7-bit. It has 201 in all, with the link and what
    /// the alert says.
    private static let wideWords = 100

    /// Returns what is wrong with a template's text, as a sentence that says what to do.
    package static func fault(in text: String, for use: Use) -> String? {
        guard !text.trimmingBlanks().isEmpty else { return "Write something. To get PagerPal's words back, delete it." }
        guard text.count <= use.limit else {
            return "Write at most \(use.limit) characters. These are \(text.count)."
        }
        let template: TemplateText
        do throws(TemplateFault) { template = try TemplateText(text) } catch { return error.description }
        let saysSomething = template.placeholders.contains { $0 != .link } || !template.words.trimmingBlanks().isEmpty
        guard saysSomething else { return "Say something besides the link." }
        return template.fault(for: use)
    }

    fileprivate static func wideFault(in words: String) -> String? {
        let length = SMSText.length(words)
        guard !SMSText.isGSM(words), length > wideWords else { return nil }
        let letters = SMSText.strays(in: words).prefix(10).map(String.init).joined(separator: " ")
        return "Letters outside of GSM 7-bit (\(letters)) make a text message short. Then your words may have "
            + "\(wideWords) characters, and these are \(length). Replace the letters, or write less."
    }
}

extension TemplateText {
    /// What a use forbids.
    fileprivate func fault(for use: MessageTemplate.Use) -> String? {
        switch use {
        case .text:
            if links > 1 { return "Write {link} once." }
            return MessageTemplate.wideFault(in: words)
        case .voice:
            if links > 0 { return "A link is not read aloud. Remove {link}: the call says how to acknowledge." }
            let address = words.firstMatch(of: /https?:\/\/\S*/)
            return address.map { "An address is not read aloud. Remove “\(String($0.0).prefix(50))”." }
        case .title:
            if links > 0 { return "A title has no room for a link. Remove {link}: the link follows below." }
            return words.contains(where: \.isNewline) ? "Write it on one line." : nil
        case .opening: return links > 1 ? "Write {link} once." : nil
        }
    }
}
