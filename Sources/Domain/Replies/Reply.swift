/// What a person asks for by a text to PagerPal, such as `ack 12`.
package enum Reply: Sendable, Hashable {
    /// Without a number it means the incidents of the message that is answered, or of the latest one.
    case acknowledge(incident: Int?)
    case resolve(incident: Int?)
    case help
    /// Disables the number that sent it.
    case stop
    /// Enables the number again.
    case start
    /// Anything else, such as a greeting or the answer of another robot.
    case unknown

    /// The longest text that can be a command. A longer one is not read.
    private static let longest = 40

    /// Reads a text, whatever its case, blanks, and punctuation around words.
    package init(_ text: String) {
        let text = text.trimmingBlanks()
        guard !text.isEmpty, text.count <= Reply.longest else {
            self = .unknown
            return
        }
        if text.allSatisfy({ $0 == "?" }) {
            self = .help
            return
        }
        let words = Reply.words(text.lowercased())
        let letters = words.filter { $0.first?.isNumber == false }
        let digits = words.filter { $0.first?.isNumber == true }
        guard letters.count == 1, let verb = letters.first, digits.count <= 1 else {
            self = .unknown
            return
        }
        // Numbers of incidents have at most nine digits.
        let number = digits.first.flatMap { $0.count <= 9 ? Int($0) : nil }
        guard digits.isEmpty || (number ?? 0) > 0 else {
            self = .unknown
            return
        }
        switch (verb, number) {
        case ("a", _), ("ack", _), ("acknowledge", _), ("acknowledged", _): self = .acknowledge(incident: number)
        case ("r", _), ("resolve", _), ("resolved", _): self = .resolve(incident: number)
        case ("help", nil), ("info", nil): self = .help
        case ("stop", nil), ("stopall", nil), ("unsubscribe", nil): self = .stop
        case ("start", nil), ("unstop", nil): self = .start
        default: self = .unknown
        }
    }

    /// Splits `12a`, `ack#12` and `Ack 12!` into words of letters and words of digits.
    private static func words(_ text: String) -> [String] {
        var words: [String] = []
        var last: Character?
        for character in text {
            defer { last = character }
            let isDigit = "0123456789".contains(character)
            guard isDigit || character.isLetter else {
                guard character.isWhitespace || "#.,!:;-_'\"()".contains(character) else {
                    // Any other character, such as a symbol, makes it no command.
                    words.append("\u{FFFD}")
                    continue
                }
                continue
            }
            let continues = last.map { isDigit ? "0123456789".contains($0) : $0.isLetter } ?? false
            if continues, !words.isEmpty {
                words[words.count - 1].append(character)
            } else {
                words.append(String(character))
            }
        }
        return words
    }
}

/// A text that arrived from a number.
package struct InboundText: Sendable, Hashable {
    /// The vendor's id. The vendor may deliver a text more than once.
    package var id: String
    package var channel: Channel
    /// In the form of contact methods: `+385915550101`.
    package var from: String
    /// The text, or the payload of the button that was pressed.
    package var text: String
    /// The id of the message that is answered, if the channel says so.
    package var answers: String?

    package init(id: String, channel: Channel, from: String, text: String, answers: String? = nil) {
        self.id = id.plain(limit: 200)
        self.channel = channel
        self.from = from
        self.text = text
        self.answers = answers?.plain(limit: 200)
    }
}

/// Bounds automatic answers, so that two robots can't talk to each other.
package enum ReplyBounds {
    /// The number of answers to one number without an action in between.
    package static let answers = 5
    /// How long texts are remembered.
    package static let memory: Duration = .hours(24 * 7)

    /// Whether a text may be answered.
    ///
    /// - Parameters:
    ///   - since: how many answers the number got since its last action.
    ///   - isAction: whether the text did something.
    package static func mayAnswer(since: Int, isAction: Bool) -> Bool { isAction || since < answers }
}
