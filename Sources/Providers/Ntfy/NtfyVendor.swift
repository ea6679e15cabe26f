package import Domain

/// Push messages through an ntfy server (https://docs.ntfy.sh/publish/#publish-as-json). The address is a topic.
package struct NtfyVendor: HTTPVendor {
    package var server: String
    package var token: Secret?
    package var timeout: Duration

    package init(server: String, token: Secret?, timeout: Duration = .seconds(10)) {
        self.server = server
        self.token = token
        self.timeout = timeout
    }

    package let name = "ntfy"
    package let title = "ntfy"
    package var advice: String? { "Check NTFY_URL and NTFY_TOKEN." }
    package var secrets: [String] { [token?.reveal()].compactMap(\.self) }

    package func request(for message: Message) -> VendorRequest {
        let isUrgent = message.urgency == .high
        var body: [String: Any] = [
            "topic": message.address, "title": message.headline, "message": message.shortText,
            // 5 vibrates and rings longest. 3 is the default.
            "priority": isUrgent ? 5 : 3, "tags": [isUrgent ? "rotating_light" : "information_source"],
        ]
        if let url = message.url {
            body["click"] = url
            let view = ["action": "view", "label": "Open", "url": url]
            // The first button acknowledges from the notification, without opening a page.
            let acknowledge: [String: Any] = [
                "action": "http", "label": "Acknowledge", "url": url, "method": "POST", "clear": true,
            ]
            body["actions"] = message.isPost ? [view] : [acknowledge, view]
        }
        let login = token.map { [("Authorization", "Bearer \($0.reveal())")] } ?? []
        return VendorRequest(json: body, to: server, headers: login)
    }

    package func words(in answer: VendorAnswer) -> String? { answer.string("error") }
}
