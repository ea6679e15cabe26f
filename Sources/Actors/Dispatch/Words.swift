internal import Domain

/// The text of one message, before it is adapted to a channel.
struct Words {
    var subject: String
    var text: String
    /// For channels that limit the length; nil if the text is short anyway.
    var short: String?
    /// The end of the short text, which must not be truncated.
    var shortEnd = ""
    /// What stands below the title of a push message; nil if it is the whole text.
    var detail: String?
    /// What a voice call says; nil if it is the text.
    var speech: Speech?
    var title: String?
    var facts: [(String, String)] = []
    var body = ""
    var links: [Link] = []
    var url: String?
    /// What the incident says, if it is one.
    var values: TemplateValues?
    /// The operator's words for this message; nil if there are none.
    var own: OwnWords?
    /// The operator's lines before the facts.
    var opening: String?

    /// Puts the operator's words in place of PagerPal's. Programs get PagerPal's, since they may read them.
    mutating func takeOwn(for channel: ChannelDefinition) {
        if channel.form == .json { own = nil }
        guard let own else { return }
        subject = own.title ?? subject
        opening = own.opening(within: channel.form == .push ? channel.textLimit : nil)
        if let opening { text = "\(opening)\n\n\(text)" }
    }

    /// Returns the short text in the form and length that the channel accepts.
    func short(for channel: ChannelDefinition) -> String {
        if channel.form == .push {
            let detail = detail ?? text
            if let opening { return channel.textLimit?.fitted(detail, after: opening) ?? "\(opening)\n\n\(detail)" }
            return channel.textLimit?.fitted(detail) ?? detail
        }
        if channel.form == .speech { return spoken(for: channel).text }
        let text = short ?? text
        if let own = own?.text(within: channel.textLimit, end: shortEnd) { return own }
        return channel.textLimit?.fitted(text, keeping: shortEnd) ?? text + shortEnd
    }
}

extension Words {
    /// Returns what a call says.
    func spoken(for channel: ChannelDefinition) -> Speech {
        let usual = (speech ?? Speech(short ?? text)).mapped(\.withoutAddresses)
        return own?.speech(usual, within: channel.textLimit) ?? usual
    }
}

extension TextLimit {
    /// Returns both texts, with an empty line between them. Only the second one is cut, or left out.
    ///
    /// - Parameter first: fits by itself.
    fileprivate func fitted(_ text: String, after first: String) -> String {
        let start = "\(first)\n\n"
        // What is kept whole stands at the end of a text, so the first one only takes its room here.
        guard case .characters(let limit) = self else { return fitted(start + text) }
        let room = limit - start.utf16.count
        return room < 10 ? first : start + TextLimit.characters(room).fitted(text)
    }
}

extension String {
    /// A listener can't write down an address that is read aloud.
    var withoutAddresses: String { replacing(/https?:\/\/\S+/, with: "a link") }
}
