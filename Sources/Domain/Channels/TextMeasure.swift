/// How an SMS with a text travels. Each part costs money.
package struct TextMeasure: Sendable, Hashable {
    /// Characters as the network counts them: septets of GSM 7-bit, or UTF-16 units.
    package let length: Int
    package let isGSM: Bool
    package let parts: Int
    /// The characters that GSM 7-bit can't represent, each once.
    package let strays: [Character]

    package init(_ text: String) {
        length = SMSText.length(text)
        isGSM = SMSText.isGSM(text)
        parts = SMSText.parts(of: text)
        strays = SMSText.strays(in: text)
    }

    package var encoding: String { isGSM ? "GSM 7-bit" : "UCS-2" }

    /// The characters that so many parts can have.
    package var room: Int {
        let (single, part) = SMSText.room(isGSM: isGSM)
        return parts == 1 ? single : parts * part
    }
}
