package import Domain
internal import Foundation

/// Messages of a Telegram bot (https://core.telegram.org/bots/api#sendmessage). The address is a chat.
package struct TelegramVendor: HTTPVendor {
    package var server: String
    package var token: Secret
    package var timeout: Duration
    /// Whether PagerPal reads what people write to the bot, so that buttons can act at once.
    package var polls: Bool

    package static let server = "https://api.telegram.org"

    package init(server: String = server, token: Secret, timeout: Duration = .seconds(10), polls: Bool = false) {
        self.polls = polls
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
            let canOpen = url.hasPrefix("https://")
            var buttons: [[String: String]] = []
            if polls && !message.isPost {
                buttons = [["text": message.action, "callback_data": "ack \(message.id)"]]
                if canOpen { buttons.append(["text": "Open", "url": url]) }
            } else if canOpen {
                buttons = [["text": message.action, "url": url]]
            }
            if !buttons.isEmpty { body["reply_markup"] = ["inline_keyboard": [buttons]] }
            if !canOpen {
                text += "\n\(message.isPost ? message.action : "Ack"): \(RequestBody.markupEscaped(url))"
            }
        }
        body["text"] = text
        if let edited = message.edits {
            body["message_id"] = Int(edited)
            return VendorRequest(json: body, to: "\(server)/bot\(token.reveal())/editMessageText")
        }
        return VendorRequest(json: body, to: "\(server)/bot\(token.reveal())/sendMessage")
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        case 200: return answer.json["ok"] as? Bool == true ? .accepted(reference: nil) : .unclear
        case 400:
            let words = self.words(in: answer)?.lowercased() ?? ""
            // The edit before had the same text.
            if words.contains("message is not modified") { return .accepted(reference: nil) }
            let isChat = ["chat", "user", "peer", "group"].contains { words.contains($0) }
            return .refused(isChat ? .recipient : .message)
        case 403: return .refused(.recipient)  // Blocked by the user, or removed from the group.
        case 429:
            let parameters = answer.json["parameters"] as? [String: Any]
            return .later(after: VendorAnswer.seconds(parameters?["retry_after"]) ?? answer.retryAfter)
        default: return nil
        }
    }

    package func postReference(in answer: VendorAnswer) -> String? {
        let message = answer.json["result"] as? [String: Any]
        return (message?["message_id"] as? NSNumber)?.stringValue
    }

    package func words(in answer: VendorAnswer) -> String? {
        let parameters = answer.json["parameters"] as? [String: Any]
        let moved = parameters?["migrate_to_chat_id"].map { " The chat's new number is \($0)." } ?? ""
        return answer.string("description").map { $0 + (moved.isEmpty ? "" : ".") + moved }
    }
}
