package import Domain

/// Push messages through a Gotify server (https://gotify.net/docs/pushmsg). The address is an application's token.
package struct GotifyVendor: HTTPVendor {
    package var server: String
    package var timeout: Duration

    package init(server: String, timeout: Duration = .seconds(10)) {
        self.server = server
        self.timeout = timeout
    }

    package let name = "gotify"
    package let title = "Gotify"
    package var advice: String? { "Check GOTIFY_URL." }
    package var secrets: [String] { [] }

    package func request(for message: Message) -> VendorRequest {
        var body: [String: Any] = [
            "title": message.headline, "message": message.shortText,
            // From 8 on the phone makes a sound and shows the message over others.
            "priority": message.urgency == .high ? 10 : 4,
        ]
        if let url = message.url {
            body["extras"] = ["client::notification": ["click": ["url": url]]]
        }
        return VendorRequest(json: body, to: "\(server)/message", headers: [("X-Gotify-Key", message.address)])
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200: answer.string("id") == nil ? .unclear : .accepted(reference: nil)
        // The token is the recipient's address.
        case 401, 403: .refused(.recipient)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        answer.string("errorDescription") ?? answer.string("error")
    }
}
