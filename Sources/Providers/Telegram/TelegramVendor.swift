package import Domain

/// Messages of a Telegram bot (https://core.telegram.org/bots/api#sendmessage). The address is a chat.
package struct TelegramVendor: HTTPVendor {
    package var server: String
    package var token: Secret
    package var timeout: Duration

    package static let server = "https://api.telegram.org"

    package init(server: String = server, token: Secret, timeout: Duration = .seconds(10)) {
        self.server = server
        self.token = token
        self.timeout = timeout
    }

    package let name = "telegram"
    package let title = "Telegram"
    package var advice: String? { "Check TELEGRAM_BOT_TOKEN." }
    package var secrets: [String] { [token.reveal()] }

    package func request(for message: Message) -> VendorRequest {
        var text =
            "<b>\(RequestBody.markupEscaped(message.headline))</b>\n\(RequestBody.markupEscaped(message.shortText))"
        var body: [String: Any] = [
            "chat_id": message.address, "parse_mode": "HTML", "link_preview_options": ["is_disabled": true],
            "disable_notification": message.urgency == .low,
        ]
        if let url = message.url {
            // Telegram refuses buttons that lead to hosts without a public name.
            if url.hasPrefix("https://") {
                body["reply_markup"] = ["inline_keyboard": [[["text": "Acknowledge", "url": url]]]]
            } else {
                text += "\nAck: \(RequestBody.markupEscaped(url))"
            }
        }
        body["text"] = text
        return VendorRequest(json: body, to: "\(server)/bot\(token.reveal())/sendMessage")
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200: return answer.json["ok"] as? Bool == true ? .accepted(reference: nil) : .unclear
        case 400:
            let words = self.words(in: answer)?.lowercased() ?? ""
            let isChat = ["chat", "user", "peer", "group"].contains { words.contains($0) }
            return .refused(isChat ? .recipient : .message)
        case 403: return .refused(.recipient)  // Blocked by the user, or removed from the group.
        case 429:
            let parameters = answer.json["parameters"] as? [String: Any]
            return .later(after: VendorAnswer.seconds(parameters?["retry_after"]) ?? answer.retryAfter)
        default: return nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        let parameters = answer.json["parameters"] as? [String: Any]
        let moved = parameters?["migrate_to_chat_id"].map { " The chat's new number is \($0)." } ?? ""
        return answer.string("description").map { $0 + (moved.isEmpty ? "" : ".") + moved }
    }
}
