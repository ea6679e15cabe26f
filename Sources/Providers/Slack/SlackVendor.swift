package import Domain

/// Messages in a Slack channel through an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks).
/// The address is the webhook's.
package struct SlackVendor: HTTPVendor {
    package var timeout: Duration
    package var reach: CurlRequest.Reach

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(timeout: Duration = .seconds(10), reach: CurlRequest.Reach = .publicOnly) {
        self.timeout = timeout
        self.reach = reach
    }

    package let name = "slack"
    package let title = "Slack"
    package var advice: String? { nil }
    package var secrets: [String] { [] }

    /// One message a second for each webhook is what Slack asks for.
    package var limits: ProviderLimits { ProviderLimits(perSecond: 5, burst: 10, concurrency: 4) }

    /// The longest text of a block.
    private static let limit = TextLimit.characters(3_000)

    package func request(for message: Message) -> VendorRequest {
        let text = "*\(SlackVendor.escaped(message.headline))*\n\(SlackVendor.escaped(message.shortText))"
        let link = message.url.map { "\n<\($0)|Acknowledge>" } ?? ""
        let body: [String: Any] = [
            // The text of notifications.
            "text": SlackVendor.escaped(message.headline),
            "blocks": [
                ["type": "section", "text": ["type": "mrkdwn", "text": SlackVendor.limit.fitted(text, keeping: link)]]
            ],
            // Otherwise Slack would open the links.
            "unfurl_links": false, "unfurl_media": false,
        ]
        return VendorRequest(json: body, to: message.address)
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200: answer.text == "ok" ? .accepted(reference: nil) : .unclear
        case 400 where answer.text == "user_not_found": .refused(.recipient)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        let word = answer.text.trimmingBlanks()
        return word.wholeMatch(of: /[a-z_]{1,60}/) == nil ? nil : word
    }

    /// The three characters that Slack's markup needs escaped.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
