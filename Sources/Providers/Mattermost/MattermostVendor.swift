package import Domain

/// Posts in a Mattermost channel through an incoming webhook (https://developers.mattermost.com/integrate/webhooks/incoming/).
/// The address is the webhook's key. The server is the operator's, so it may be in a private network.
package struct MattermostVendor: HTTPVendor {
    package var server: String
    package var timeout: Duration

    package init(server: String, timeout: Duration = .seconds(10)) {
        self.server = server
        self.timeout = timeout
    }

    package let name = "mattermost"
    package let title = "Mattermost"
    package var advice: String? { "Check MATTERMOST_URL." }
    package var secrets: [String] { [] }

    package func request(for message: Message) -> VendorRequest {
        var text = "**\(MattermostVendor.escaped(message.headline))**\n\(MattermostVendor.escaped(message.shortText))"
        if let url = message.url { text += "\n[Acknowledge](\(url))" }
        return VendorRequest(json: ["text": text], to: "\(server)/hooks/\(message.address)")
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        let id = answer.string("id") ?? ""
        return switch answer.status {
        case 200: answer.text.trimmingBlanks() == "ok" ? .accepted(reference: nil) : .unclear
        // Webhooks are switched off.
        case 501: .refused(.account)
        case 400..<500 where id.contains("incoming_webhook") || id.contains("webhook.get"): .refused(.recipient)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? { answer.string("message") }

    /// Escapes what Markdown would read as formatting or a mention.
    static func escaped(_ text: String) -> String {
        text.replacing(/[\\`*_~\[\]<>|#@]/) { "\\\($0.0)" }
    }
}
