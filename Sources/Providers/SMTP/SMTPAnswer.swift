internal import Domain

/// A mail server's refusals as receipts, by reply code and enhanced status code (RFC 5321, RFC 3463).
enum SMTPAnswer {
    static func receipt(for error: CurlError) -> Receipt {
        switch error {
        case .refused(let status, let reply): refusal(status, reply)
        case .loginRefused(let status, let reply) where status / 100 == 4:
            .temporary(Fault(.account, "The mail server can't check the login now: \(safe(reply))."), retryAfter: nil)
        case .loginRefused(_, let reply):
            .permanent(
                Fault(.account, "The mail server refused the login: \(safe(reply)). Check SMTP_USER and SMTP_PASSWORD.")
            )
        case .lostAfterSending: .unknown(Fault(.transient, "Mail: \(error)"))
        case .cancelled: .unknown(Fault(.transient, "The hand-over to the mail server was cut short."))
        case .notStarted: .notSent(reason: error.description)
        case .nameNotResolved, .notConnected, .tlsFailed, .timedOutBeforeSending, .answerTooLong, .other,
            .addressNotAllowed:
            .temporary(Fault(.transient, "Mail: \(error)"), retryAfter: nil)
        }
    }

    static func refusal(_ status: Int, _ reply: String) -> Receipt {
        let enhanced = enhancedCode(in: reply)
        let words = "The mail server answered \(safe(reply))."
        if status / 100 == 4 {
            // Greylisting wants a minute; it is as good as any other wait.
            let wait: Duration? = status == 450 || status == 451 ? .seconds(60) : nil
            return .temporary(Fault(.transient, words), retryAfter: wait)
        }
        switch (status, enhanced?.subject, enhanced?.detail) {
        case (530, _, _), (534, _, _), (535, _, _), (538, _, _): return .permanent(Fault(.account, words))
        case (552, 2, 2): return .temporary(Fault(.recipient, words), retryAfter: .seconds(60))
        case (552, _, _), (500...504, _, _), (555, _, _): return .permanent(Fault(.message, words))
        case (_, 7, _): return .permanent(Fault(.account, words))
        case (_, 1, _), (_, 2, _): return .permanent(Fault(.recipient, words))
        case (550, nil, _), (551, _, _), (553, _, _): return .permanent(Fault(.recipient, words))
        default: return .permanent(Fault(.account, words))
        }
    }

    /// `5.1.1` in `550 5.1.1 no such user`.
    private static func enhancedCode(in reply: String) -> (subject: Int, detail: Int)? {
        for word in reply.split(whereSeparator: { $0 == " " || $0 == "-" }).prefix(3) {
            let parts = word.split(separator: ".")
            if parts.count == 3, let first = Int(parts[0]), [2, 4, 5].contains(first), let subject = Int(parts[1]),
                let detail = Int(parts[2])
            {
                return (subject, detail)
            }
        }
        return nil
    }

    private static func safe(_ reply: String) -> String {
        String(String.UnicodeScalarView(reply.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }).prefix(200))
    }
}
