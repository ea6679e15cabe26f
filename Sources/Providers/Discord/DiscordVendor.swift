package import Domain

/// Messages in a Discord channel through a webhook (https://discord.com/developers/docs/resources/webhook#execute-webhook).
/// The address is the webhook's.
package struct DiscordVendor: HTTPVendor {
    package var timeout: Duration
    package var reach: CurlRequest.Reach

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(timeout: Duration = .seconds(10), reach: CurlRequest.Reach = .publicOnly) {
        self.timeout = timeout
        self.reach = reach
    }

    package let name = "discord"
    package let title = "Discord"
    package var advice: String? { nil }
    package var secrets: [String] { [] }

    /// A webhook takes five messages in two seconds.
    package var limits: ProviderLimits { ProviderLimits(perSecond: 5, burst: 10, concurrency: 4) }

    /// The longest message.
    private static let limit = TextLimit.characters(2_000)

    package func request(for message: Message) -> VendorRequest {
        let text = "**\(DiscordVendor.escaped(message.headline))**\n\(DiscordVendor.escaped(message.shortText))"
        // The brackets around the address keep Discord from opening it.
        let link = message.url.map { "\n[\(message.action)](<\($0)>)" } ?? ""
        let body: [String: Any] = [
            "content": DiscordVendor.limit.fitted(text, keeping: link),
            // Nobody is mentioned, whatever the text.
            "allowed_mentions": ["parse": [String]()],
        ]
        let parts = message.address.split(separator: "?", maxSplits: 1).map { String($0) }
        if let edited = message.edits {
            let query = parts.count > 1 ? "?\(parts[1])" : ""
            return VendorRequest(
                "PATCH", "\(parts[0])/messages/\(RequestBody.percentEncoded(edited))\(query)",
                headers: [("Content-Type", "application/json")], body: RequestBody.json(body))
        }
        // With wait, Discord answers only when the message is stored.
        let mark = parts.count > 1 ? "&" : "?"
        return VendorRequest(json: body, to: "\(message.address)\(mark)wait=true")
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200: answer.string("id") == nil ? .unclear : .accepted(reference: nil)
        case 429: .later(after: VendorAnswer.seconds(answer.json["retry_after"]) ?? answer.retryAfter)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? { answer.string("message") }

    package func postReference(in answer: VendorAnswer) -> String? { answer.string("id") }

    static func escaped(_ text: String) -> String {
        text.replacing(/[\\`*_~|>\[\]<#@]/) { "\\\($0.0)" }
    }
}
