/// What client and server said in one SMTP session. It lets a refusal be reported in the server's own words.
struct MailDialogue {
    private(set) var stage = MailRefusal.Stage.greeting
    /// Whether the client has sent QUIT. The result is what came before it.
    private(set) var isOver = false
    /// The lines of the server's reply to the last command before QUIT.
    private(set) var reply: [Substring] = []
    /// The login mechanisms from the server's last answer to EHLO.
    private(set) var mechanisms: String?
    /// The maximum number of lines kept of one reply.
    private static let limit = 20

    /// Records a command from the client. Only its first word is read, because another one may be a password.
    mutating func send(_ line: String) {
        let verb = line.prefix { !$0.isWhitespace }.uppercased()  // A line end is white space, too.
        if verb == "QUIT" { isOver = true }
        guard !isOver else { return }
        let next: MailRefusal.Stage? =
            switch verb {
            case "EHLO", "HELO": .hello
            case "STARTTLS": .startTLS
            case "AUTH": .login
            case "MAIL": .sender
            case "RCPT": .recipient
            case "DATA": .data
            default: nil  // The next line of a login.
            }
        if let next { stage = next }
        reply = []
    }

    /// Records that the content of the mail is being sent.
    mutating func sendContent() {
        guard stage == .data else { return }
        stage = .content
        reply = []
    }

    /// Records a line from the server.
    mutating func receive(_ line: Substring) {
        guard !isOver else { return }
        // An unsolicited reply such as 421 follows a complete one.
        if let last = reply.last, last.dropFirst(3).first != "-" { reply = [] }
        if reply.count < MailDialogue.limit { reply.append(line) }
        if stage == .hello, line.dropFirst(4).uppercased().hasPrefix("AUTH") {
            mechanisms = String(line.dropFirst(4).dropFirst(5))
        }
    }

    /// The last reply, if it is a refusal.
    var refusal: MailRefusal? {
        guard let status = reply.last.flatMap({ Int($0.prefix(3)) }), (400...599).contains(status) else { return nil }
        let texts = reply.enumerated().map { index, line -> Substring in
            let text = line.dropFirst(4)
            return index == 0 ? text : MailDialogue.withoutEnhancedCode(text)
        }
        return MailRefusal(stage: stage, status: status, text: texts.joined(separator: " "))
    }

    /// Every line of a reply repeats the enhanced code. Keep it only once.
    private static func withoutEnhancedCode(_ text: Substring) -> Substring {
        let word = text.prefix { $0 != " " }
        let isCode = !word.isEmpty && word.allSatisfy { $0.isNumber || $0 == "." } && word.contains(".")
        return isCode ? text.dropFirst(word.count).drop { $0 == " " } : text
    }
}

/// A mail server's reply of 4yz or 5yz.
package struct MailRefusal: Sendable, Hashable {
    /// The stage at which the server refused.
    package enum Stage: String, Sendable {
        case greeting, hello, startTLS, login, sender, recipient, data, content
    }

    package let stage: Stage
    package let status: Int
    /// The reply without its basic code but with its enhanced code, as one line.
    package let text: String

    package init(stage: Stage, status: Int, text: String) {
        self.stage = stage
        self.status = status
        self.text = text
    }
}
