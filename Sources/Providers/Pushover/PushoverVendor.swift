package import Domain

/// Push messages through Pushover (https://pushover.net/api). The address is a user's or group's key.
///
/// An urgent message has emergency priority: the phone rings again and again until somebody acknowledges it in the app.
package struct PushoverVendor: HTTPVendor {
    package var server: String
    package var token: Secret
    /// Where Pushover tells that somebody acknowledged. Nil when PagerPal has no public address.
    package var callback: String?
    package var timeout: Duration

    package static let server = "https://api.pushover.net"
    /// How often and how long an emergency rings, in seconds. Pushover allows 30 or more, and up to 10,800.
    private static let ringing = (every: 60, atMost: 1_800)

    package init(
        server: String = server, token: Secret, callback: String? = nil, timeout: Duration = .seconds(10)
    ) {
        self.server = server
        self.token = token
        self.callback = callback
        self.timeout = timeout
    }

    package let name = "pushover"
    package let title = "Pushover"
    package var advice: String? { "Check PUSHOVER_TOKEN." }
    package var secrets: [String] { [token.reveal()] }
    /// Fewer at a time than a burst, because Pushover is one server for all its customers.
    package var limits: ProviderLimits { ProviderLimits(perSecond: 10, burst: 20, concurrency: 8) }

    package func request(for message: Message) -> VendorRequest {
        var fields = [
            (name: "token", value: token.reveal()), ("user", message.address), ("title", message.headline),
            ("message", message.shortText), ("priority", message.urgency == .high ? "2" : "0"),
        ]
        if message.urgency == .high {
            fields += [
                ("retry", String(PushoverVendor.ringing.every)), ("expire", String(PushoverVendor.ringing.atMost)),
            ]
            if let callback { fields.append(("callback", callback)) }
        }
        if let url = message.url { fields += [("url", url), ("url_title", "Acknowledge")] }
        return VendorRequest(
            "POST", "\(server)/1/messages.json", headers: [("Content-Type", "application/x-www-form-urlencoded")],
            body: RequestBody.form(fields))
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200:
            answer.string("status") == "1" ? .accepted(reference: answer.string("receipt")) : .unclear
        case 400 where answer.string("user") == "invalid": .refused(.recipient)
        case 400 where answer.string("token") == "invalid": .refused(.account)
        // The month's messages are used up. Pushover asks not to try again.
        case 429: .refused(.account)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        (answer.json["errors"] as? [Any])?.compactMap { $0 as? String }.joined(separator: "; ")
    }
}
