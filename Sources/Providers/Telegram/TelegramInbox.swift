package import Domain
internal import Foundation

/// What people write to the bot and which buttons they press, by long poll
/// (https://core.telegram.org/bots/api#getupdates). No address of PagerPal has to be reachable.
package struct TelegramInbox: Sendable {
    /// One update.
    package struct Update: Sendable, Hashable {
        package var id: Int64
        /// Nil for an update that means nothing here.
        package var text: InboundText?
        /// The id of the pressed button, which Telegram shows as busy until it is answered.
        package var button: String?

        package init(id: Int64, text: InboundText? = nil, button: String? = nil) {
            self.id = id
            self.text = text
            self.button = button
        }
    }

    /// Why nothing was read, as a sentence without the token.
    package struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// How long Telegram waits for an update before it answers.
    package static let wait: Duration = .seconds(25)

    private let vendor: TelegramVendor
    private let client: CurlClient
    private let wait: Duration

    package init(_ vendor: TelegramVendor, client: CurlClient = CurlClient(), wait: Duration = wait) {
        self.vendor = vendor
        self.client = client
        self.wait = wait
    }

    /// Waits for updates.
    ///
    /// - Parameter offset: the first update that is wanted. Telegram forgets those before it. Nil for all that it has.
    package func read(from offset: Int64?) async throws(Fault) -> [Update] {
        var body: [String: Any] = [
            "timeout": Int(wait.components.seconds), "allowed_updates": ["message", "callback_query"],
        ]
        if let offset { body["offset"] = offset }
        let answer = try await ask("getUpdates", body)
        guard let updates = answer["result"] as? [[String: Any]] else {
            throw Fault(description: "Telegram gave an unclear answer to getUpdates.")
        }
        return updates.compactMap(TelegramInbox.update)
    }

    /// Ends the waiting mark on a button.
    package func answer(button id: String) async throws(Fault) {
        _ = try await ask("answerCallbackQuery", ["callback_query_id": id])
    }

    private func ask(_ method: String, _ body: [String: Any]) async throws(Fault) -> [String: Any] {
        let request = CurlRequest(
            url: "\(vendor.server)/bot\(vendor.token.reveal())/\(method)",
            kind: .http(
                method: "POST", headers: [("Content-Type", "application/json")], body: RequestBody.json(body)),
            timeout: wait + .seconds(15))
        let response: CurlResponse
        do {
            response = try await client.perform(request)
        } catch {
            throw Fault(description: "Telegram: \(error)".replacing(vendor.token.reveal(), with: Secret.shown))
        }
        let answer = VendorAnswer(response, retryAfter: nil)
        guard answer.status == 200, answer.json["ok"] as? Bool == true else {
            let words = answer.string("description") ?? "status \(answer.status)"
            throw Fault(description: "Telegram refused \(method): \(words)")
        }
        return answer.json
    }

    static func update(_ json: [String: Any]) -> Update? {
        guard let id = (json["update_id"] as? NSNumber)?.int64Value else { return nil }
        var update = Update(id: id)
        if let query = json["callback_query"] as? [String: Any] {
            update.button = query["id"] as? String
            let words = (query["data"] as? String ?? "").split(separator: " ").map { String($0) }
            if let chat = chat(query["message"] as? [String: Any]), words.count == 2, words[0] == "ack" {
                update.text = InboundText(
                    id: "telegram:\(id)", channel: .telegram, from: chat, text: "ack", answers: words[1])
            }
        } else if let message = json["message"] as? [String: Any], let chat = chat(message),
            let text = message["text"] as? String
        {
            let isAddressed = text.hasPrefix("/") || !chat.hasPrefix("-") || message["reply_to_message"] != nil
            // Groups talk about other things, too. `/start` is what the app sends to every new bot.
            if isAddressed, text != "/start" {
                update.text = InboundText(
                    id: "telegram:\(id)", channel: .telegram, from: chat, text: command(text, answering: message))
            }
        }
        return update
    }

    private static func chat(_ message: [String: Any]?) -> String? {
        ((message?["chat"] as? [String: Any])?["id"] as? NSNumber)?.stringValue
    }

    /// `/ack@pager_bot 12` as `ack 12`. An answer to a message about one incident means that incident.
    private static func command(_ text: String, answering message: [String: Any]) -> String {
        var command = text.hasPrefix("/") ? String(text.dropFirst()) : text
        if let at = command.firstIndex(of: "@") {
            let end = command[at...].firstIndex(of: " ") ?? command.endIndex
            command.removeSubrange(at..<end)
        }
        let quoted = (message["reply_to_message"] as? [String: Any])?["text"] as? String ?? ""
        if !command.contains(where: \.isNumber), let number = quoted.prefix(40).firstMatch(of: /^\[#([0-9]+)\s/)?.1 {
            command += " \(number)"
        }
        return command
    }
}
