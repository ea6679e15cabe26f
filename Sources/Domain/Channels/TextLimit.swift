/// The longest text that a channel takes.
package enum TextLimit: Sendable, Hashable {
    case characters(Int)
    /// Parts of a long SMS: more of them cost money and arrive late.
    case smsParts(Int)

    /// The text, cut with dots where it is longer.
    package func fitted(_ text: String) -> String { fitted(text, keeping: "") }

    /// A text and what must follow it whole, such as the link that acknowledges: the text is cut to make room.
    ///
    /// - Parameter end: it is cut only when it alone is longer than the limit.
    package func fitted(_ text: String, keeping end: String) -> String {
        if fits(text + end) { return text + end }
        // The dots are ASCII: an ellipsis of one character would turn a whole SMS into UCS-2.
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

    private func fits(_ text: String) -> Bool {
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

/// The length of an SMS: 160 characters of GSM 7-bit or 70 of UCS-2, 153 and 67 in each of several parts (3GPP TS
/// 23.038 and 23.040).
package enum SMSText {
    private static let gsm = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)

    package static func isGSM(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { gsm.contains($0) || extended.contains($0) }
    }

    /// In septets, or in UTF-16 units for a text that GSM 7-bit can't hold.
    package static func length(_ text: String) -> Int {
        isGSM(text) ? text.unicodeScalars.reduce(0) { $0 + (extended.contains($1) ? 2 : 1) } : text.utf16.count
    }

    /// How many messages the text takes.
    package static func parts(of text: String) -> Int {
        let length = length(text)
        let (single, several) = isGSM(text) ? (160, 153) : (70, 67)
        return length <= single ? 1 : (length + several - 1) / several
    }
}
