internal import Domain

/// Converts a mail server's answers to receipts, by stage, reply code and enhanced status code (RFC 5321, RFC 3463).
enum SMTPAnswer {
    static func receipt(for error: CurlError) -> Receipt {
        switch error {
        case .mailRefused(let refusal): receipt(for: refusal)
        case .loginNotPossible(let offered):
            .permanent(
                Fault(
                    .account,
                    "The mail server offers no way to sign in with a password, only \(safe(offered)). Use a relay that accepts SMTP_USER and SMTP_PASSWORD."
                ))
        case .lostAfterSending: .unknown(Fault(.transient, "Mail: \(error)"))
        case .cancelled: .unknown(Fault(.transient, "The delivery to the mail server was interrupted."))
        case .notStarted: .notSent(reason: error.description)
        case .tlsImpossible: .permanent(Fault(.account, "Mail: \(error) Check SMTP_HOST, SMTP_PORT and SMTP_TLS."))
        case .nameNotResolved: .temporary(Fault(.transient, "Mail: \(error)").doubtful, retryAfter: nil)
        case .notConnected, .tlsFailed, .timedOutBeforeSending, .answerTooLong, .other,
            .addressNotAllowed, .refused:
            .temporary(Fault(.transient, "Mail: \(error)"), retryAfter: nil)
        }
    }

    static func receipt(for refusal: MailRefusal) -> Receipt {
        let refusal = refusal.ofWhatItNames
        let code = enhancedCode(in: refusal.text)
        if refusal.status / 100 == 4 { return deferral(refusal, code) }
        let blame = blame(for: refusal, code)
        let fault = Fault(blame, words(refusal, advice: advice(for: refusal, blame)), scope: scope(of: refusal, code))
        // A full mailbox may have space again soon.
        if code?.subject == 2 && code?.detail == 2 { return .temporary(fault, retryAfter: .seconds(60)) }
        return .permanent(fault)
    }

    /// Returns the receipt for a temporary refusal. For one recipient it means a full mailbox or greylisting, so wait a
    /// minute. Anything else concerns the server.
    private static func deferral(_ refusal: MailRefusal, _ code: EnhancedCode?) -> Receipt {
        let scope = scope(of: refusal, code)
        let blame: Fault.Blame =
            switch refusal.stage {
            case .login, .startTLS: .account
            case .greeting, .hello, .sender, .recipient, .data, .content: code?.subject == 2 ? .recipient : .transient
            }
        let wait: Duration? = scope == .destination && refusal.status != 421 ? .seconds(60) : nil
        let hint = refusal.stage == .hello ? advice(for: refusal, blame) : nil
        return .temporary(Fault(blame, words(refusal, advice: hint), scope: scope), retryAfter: wait)
    }

    /// Returns how far the refusal reaches. A refusal of one recipient says nothing about others.
    private static func scope(of refusal: MailRefusal, _ code: EnhancedCode?) -> Fault.Scope {
        switch refusal.stage {
        case .greeting, .hello, .startTLS, .login: .provider
        case .sender, .recipient, .data, .content:
            switch (refusal.status, code?.subject, code?.detail) {
            case (_, 3, 4): .destination  // This mail is too big.
            case (421, _, _), (_, 3, _): .provider  // The server closes, or its system is in trouble.
            default: .destination
            }
        }
    }

    private static func blame(for refusal: MailRefusal, _ code: EnhancedCode?) -> Fault.Blame {
        switch refusal.stage {
        // Before the recipient was named, the recipient cannot be at fault.
        case .greeting, .hello, .startTLS, .login: return .account
        case .sender, .recipient, .data, .content: break
        }
        switch (refusal.status, code?.subject, code?.detail) {
        case (530, _, _), (534, _, _), (535, _, _), (538, _, _): return .account
        case (_, 7, _): return .account
        case (_, 2, 3), (_, 3, 4), (_, 6, _): return .message
        case (_, 1, 7), (_, 1, 8): return .account  // The sender's address (RFC 3463, 3.2).
        case (_, 1, _), (_, 2, _): return .recipient
        case (_, 5, _), (500...504, _, _), (552, _, _), (555, _, _): return .message
        case (550, nil, _), (551, _, _), (553, _, _): return refusal.stage == .recipient ? .recipient : .account
        default: return .account
        }
    }

    private static func advice(for refusal: MailRefusal, _ blame: Fault.Blame) -> String? {
        switch (refusal.stage, blame) {
        case (.login, _): "Check SMTP_USER and SMTP_PASSWORD."
        case (.hello, _): "Set SMTP_EHLO_NAME to a name of this host that resolves."
        case (.sender, .account): "Check SMTP_FROM."
        case (.greeting, _), (.startTLS, _), (.sender, _), (.recipient, _), (.data, _), (.content, _): nil
        }
    }

    /// `The mail server refused the recipient: 550 5.1.1 no such user.`
    private static func words(_ refusal: MailRefusal, advice: String?) -> String {
        let what =
            switch refusal.stage {
            case .greeting: "the connection"
            case .hello: "EHLO"
            case .startTLS: "STARTTLS"
            case .login: "the login"
            case .sender: "the sender"
            case .recipient: "the recipient"
            case .data, .content: "the mail"
            }
        let reply = safe("\(refusal.status) \(refusal.text)")
        let end = reply.last.map { ".!?".contains($0) } == true ? "" : "."
        return "The mail server refused \(what): \(reply)\(end)" + (advice.map { " \($0)" } ?? "")
    }

    private typealias EnhancedCode = (subject: Int, detail: Int)

    /// Finds `5.1.1` in `5.1.1 no such user`. Some servers put it in brackets or after a word or two.
    private static func enhancedCode(in reply: String) -> EnhancedCode? {
        for word in reply.split(whereSeparator: { " -[]()#:;".contains($0) }).prefix(4) {
            let parts = word.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
            if parts.count == 3, let kind = parts[0], [4, 5].contains(kind), let subject = parts[1],
                let detail = parts[2], (0...7).contains(subject), (0...999).contains(detail)
            {
                return (subject, detail)
            }
        }
        return nil
    }

    private static func safe(_ reply: String) -> String {
        String(String.UnicodeScalarView(reply.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }).prefix(300))
    }
}

extension MailRefusal {
    /// Postfix postpones its checks of EHLO and of the sender until it knows the recipient, and names in words what it
    /// refuses (`smtpd_delay_reject` in postconf(5)).
    fileprivate var ofWhatItNames: MailRefusal {
        guard stage == .recipient else { return self }
        if text.contains("Helo command rejected") { return MailRefusal(stage: .hello, status: status, text: text) }
        if text.contains("Sender address rejected") { return MailRefusal(stage: .sender, status: status, text: text) }
        return self
    }
}
