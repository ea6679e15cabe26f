/// The limit on the text of a message.
package enum TextLimit: Sendable, Hashable {
    case characters(Int)
    /// The number of parts of a long SMS. Each further part costs money and arrives later.
    case smsParts(Int)

    /// Returns the text, cut to the limit and marked with dots if it is longer.
    package func fitted(_ text: String) -> String { fitted(text, keeping: "") }

    /// Returns the text followed by an ending that must stay whole, such as the link that acknowledges. Only the text
    /// is cut.
    ///
    /// - Parameter end: cut only when it exceeds the limit by itself.
    package func fitted(_ text: String, keeping end: String) -> String {
        if fits(text + end) { return text + end }
        // The mark is ASCII because a one-character ellipsis would turn the whole SMS into UCS-2.
        let mark = "..."
        var characters = Array(text)
        var (kept, tooMany) = (0, characters.count + 1)
        while kept + 1 < tooMany {
            let middle = (kept + tooMany) / 2
            if fits(String(characters[..<middle]) + mark + end) { kept = middle } else { tooMany = middle }
        }
        characters.removeSubrange(kept...)
        let fitted = String(characters) + mark + end
        return fits(fitted) ? fitted : cut(end)
    }

    func fits(_ text: String) -> Bool {
        switch self {
        case .characters(let limit): text.utf16.count <= limit
        case .smsParts(let limit): SMSText.parts(of: text) <= limit
        }
    }

    private func cut(_ text: String) -> String {
        var text = text
        while !fits(text) { text.removeLast() }
        return text
    }
}

/// The length of an SMS (3GPP TS 23.038 and 23.040). One SMS holds 160 characters of GSM 7-bit or 70 of UCS-2. In a
/// multipart SMS, each part holds 153 or 67.
package enum SMSText {
    private static let gsm = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)

    package static func isGSM(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { gsm.contains($0) || extended.contains($0) }
    }

    /// Returns the characters that GSM 7-bit cannot represent, each once, in the order of the text.
    package static func strays(in text: String) -> [Character] {
        var seen: Set<Character> = []
        return text.filter { !isGSM(String($0)) && seen.insert($0).inserted }.map { $0 }
    }

    /// Returns the length in septets, or in UTF-16 units when GSM 7-bit cannot represent the text.
    package static func length(_ text: String) -> Int {
        isGSM(text) ? text.unicodeScalars.reduce(0) { $0 + (extended.contains($1) ? 2 : 1) } : text.utf16.count
    }

    /// Returns the number of SMS parts that the text needs.
    package static func parts(of text: String) -> Int {
        let length = length(text)
        let (single, several) = room(isGSM: isGSM(text))
        return length <= single ? 1 : (length + several - 1) / several
    }

    /// Returns the characters of a single SMS, and those of each part of a longer one.
    package static func room(isGSM: Bool) -> (single: Int, part: Int) { isGSM ? (160, 153) : (70, 67) }
}
