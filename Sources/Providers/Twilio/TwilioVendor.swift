package import Domain

/// SMS and voice calls through Twilio (https://www.twilio.com/docs/messaging/api/message-resource and
/// https://www.twilio.com/docs/voice/api/call-resource).
package struct TwilioVendor: HTTPVendor {
    package var server: String
    package var account: String
    package var token: Secret
    /// A number, a name, or the SID of a messaging service.
    package var smsSender: String?
    /// A number.
    package var voiceSender: String?
    /// Where Twilio reports. Nil requests no reports and no keys.
    package var callback: String?
    package var timeout: Duration

    package static let server = "https://api.twilio.com"

    package init(
        server: String = server, account: String, token: Secret, smsSender: String? = nil, voiceSender: String? = nil,
        callback: String? = nil, timeout: Duration = .seconds(15)
    ) {
        self.server = server
        self.account = account
        self.token = token
        self.smsSender = smsSender
        self.voiceSender = voiceSender
        self.callback = callback
        self.timeout = timeout
    }

    package let name = "twilio"
    package let title = "Twilio"
    package var advice: String? { "Check the settings that begin with TWILIO." }
    package var secrets: [String] { [token.reveal()] }

    package func reportTimeout(for channel: Channel) -> Duration? {
        callback == nil ? nil : channel.definition.reportTimeout
    }

    package func request(for message: Message) -> VendorRequest {
        let isCall = message.channel == .voice
        let login = RequestBody.base64("\(account):\(token.reveal())")
        return VendorRequest(
            "POST", "\(server)/2010-04-01/Accounts/\(account)/\(isCall ? "Calls" : "Messages").json",
            headers: [("Authorization", "Basic \(login)"), ("Content-Type", "application/x-www-form-urlencoded")],
            body: RequestBody.form(isCall ? callFields(message) : smsFields(message)))
    }

    private func smsFields(_ message: Message) -> [(name: String, value: String)] {
        let sender = smsSender ?? ""
        var fields = [
            (name: "To", value: message.address),
            (sender.hasPrefix("MG") && sender.count == 34 ? "MessagingServiceSid" : "From", sender),
            // Half an hour, in seconds. A page that comes later helps nobody.
            ("Body", message.shortText), ("ValidityPeriod", "1800"),
        ]
        if let callback { fields.append(("StatusCallback", callback)) }
        return fields
    }

    private func callFields(_ message: Message) -> [(name: String, value: String)] {
        let takesKey = callback != nil && message.url != nil
        let speech = message.speech ?? Speech(message.shortText)
        let (text, words) = speech.spoken(in: TwilioVendor.voices.keys)
        let whole = TextLimit.characters(650).fitted(text, keeping: takesKey ? " \(words.pressOne)" : "")
        var inside = TwilioVendor.say(whole, words, loop: 2)
        if takesKey, let callback {
            // The answer to the key is in the same language.
            let action = RequestBody.markupEscaped("\(callback)?language=\(words.language)")
            inside = "<Gather numDigits=\"1\" timeout=\"10\" method=\"POST\" action=\"\(action)\">\(inside)</Gather>"
        }
        inside += TwilioVendor.say(words.goodbye, words)
        var fields = [
            (name: "To", value: message.address), ("From", voiceSender ?? ""),
            ("Twiml", "<Response>\(inside)</Response>"), ("Timeout", "30"),
            // A voicemail box does not count as a person reached. Twilio reports it.
            ("MachineDetection", "Enable"),
        ]
        if let callback { fields.append(("StatusCallback", callback)) }
        return fields
    }

    /// Each language's code, and a voice for it (https://www.twilio.com/docs/voice/twiml/say/text-speech). Nil is the
    /// account's voice. The voices that Twilio's documents and libraries list for `<Say>` include none for Croatian.
    static let voices: [String: (code: String, voice: String?)] = [
        "en": ("en-US", nil), "de": ("de-DE", "Polly.Vicki"), "es": ("es-ES", "Polly.Lucia"),
        "fr": ("fr-FR", "Polly.Lea"),
    ]

    /// - Parameter loop: how often it is said.
    static func say(_ text: String, _ words: CallWords, loop: Int = 1) -> String {
        let known = voices[words.language] ?? ("en-US", nil)
        let voice = known.voice.map { " voice=\"\($0)\"" } ?? ""
        let times = loop == 1 ? "" : " loop=\"\(loop)\""
        return "<Say language=\"\(known.code)\"\(voice)\(times)>\(RequestBody.markupEscaped(text))</Say>"
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        if answer.isSuccess {
            guard let sid = answer.string("sid") else { return .unclear }
            let hasFailed = ["failed", "undelivered", "canceled"].contains(answer.string("status") ?? "")
            return hasFailed ? .refused(TwilioVendor.blame(answer.string("error_code"))) : .accepted(reference: sid)
        }
        guard (400..<500).contains(answer.status), answer.status != 429 else { return nil }
        switch answer.status {
        case 401, 403, 404: return .refused(.account)
        default: return .refused(TwilioVendor.blame(answer.string("code")))
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        let words = answer.string("message") ?? answer.string("error_message")
        let code = answer.string("code") ?? answer.string("error_code")
        return words.map { "\($0)\(code.map { " (error \($0))" } ?? "")" }
    }

    /// Whom an error code concerns (https://www.twilio.com/docs/api/errors).
    static func blame(_ code: String?) -> Fault.Blame {
        switch code.flatMap({ Int($0) }) {
        // No such or no mobile number, blocked, unsubscribed by STOP, unreachable, unknown.
        case 21211, 21214, 21217, 21219, 21265, 21610, 21614, 30003, 30004, 30005, 30006, 60200: .recipient
        // Empty or too long, or refused for its content.
        case 21602, 21617, 21619, 30007, 30019: .message
        default: .account
        }
    }
}
