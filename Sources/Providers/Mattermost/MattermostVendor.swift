package import Domain

/// Posts in Mattermost. An address is the key of an incoming webhook (https://developers.mattermost.com/integrate/webhooks/incoming/),
/// or `channel:` with the id of a channel in which the operator's bot posts
/// (https://developers.mattermost.com/api-documentation/). Only a bot can edit what it wrote.
///
/// The server is the operator's, so it may be in a private network.
package struct MattermostVendor: HTTPVendor {
    package var server: String
    package var token: Secret?
    package var timeout: Duration

    package init(server: String, token: Secret? = nil, timeout: Duration = .seconds(10)) {
        self.server = server
        self.token = token
        self.timeout = timeout
    }

    package let name = "mattermost"
    package let title = "Mattermost"
    package var advice: String? { "Check MATTERMOST_URL and MATTERMOST_BOT_TOKEN." }
    package var secrets: [String] { [token?.reveal()].compactMap(\.self) }

    package func request(for message: Message) -> VendorRequest {
        var text = "**\(MattermostVendor.escaped(message.headline))**\n\(MattermostVendor.escaped(message.shortText))"
        if let url = message.url { text += "\n[\(message.action)](\(url))" }
        guard message.address.hasPrefix("channel:") else {
            return VendorRequest(json: ["text": text], to: "\(server)/hooks/\(message.address)")
        }
        let login = ("Authorization", "Bearer \(token?.reveal() ?? "")")
        if let edited = message.edits {
            return VendorRequest(
                "PUT", "\(server)/api/v4/posts/\(RequestBody.percentEncoded(edited))/patch",
                headers: [("Content-Type", "application/json"), login], body: RequestBody.json(["message": text]))
        }
        let channel = String(message.address.dropFirst("channel:".count))
        return VendorRequest(
            json: ["channel_id": channel, "message": text], to: "\(server)/api/v4/posts", headers: [login])
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        let id = answer.string("id") ?? ""
        return switch answer.status {
        case 200 where !id.isEmpty, 201 where !id.isEmpty: .accepted(reference: nil)
        case 200, 201: answer.text.trimmingBlanks() == "ok" ? .accepted(reference: nil) : .unclear
        // Webhooks are switched off.
        case 501: .refused(.account)
        case 400..<500 where id.contains("incoming_webhook") || id.contains("webhook.get"): .refused(.recipient)
        // The bot is not in the channel, or the post is gone.
        case 403 where id.contains("permissions"): .refused(.recipient)
        case 404 where id.contains("post") || id.contains("channel"): .refused(.recipient)
        default: nil
        }
    }

    package func postReference(in answer: VendorAnswer) -> String? { answer.string("id") }

    package func words(in answer: VendorAnswer) -> String? { answer.string("message") }

    /// Escapes what Markdown would read as formatting or a mention.
    static func escaped(_ text: String) -> String {
        text.replacing(/[\\`*_~\[\]<>|#@]/) { "\\\($0.0)" }
    }
}
