package import Domain
internal import Foundation

/// Reads the texts that people send to Infobip's numbers: SMS and WhatsApp, including pressed buttons.
package enum InfobipInbound {
    /// The maximum number of texts in one POST.
    package static let limit = 100

    /// Reads every result that has a sender and a text. An odd one costs only itself.
    package static func decode(_ body: [UInt8]) throws(InfobipReports.Unreadable) -> [InboundText] {
        guard let json = try? JSONSerialization.jsonObject(with: Data(body)) else {
            throw InfobipReports.Unreadable(description: "The body is not JSON.")
        }
        guard let results = (json as? [String: Any])?["results"] as? [Any] else {
            throw InfobipReports.Unreadable(description: "The body has no array named results.")
        }
        return results.prefix(limit).compactMap { $0 as? [String: Any] }.compactMap(text)
    }

    private static func text(_ result: [String: Any]) -> InboundText? {
        guard let from = (result["from"] ?? result["sender"]) as? String,
            let id = result["messageId"] as? String, !id.isEmpty
        else { return nil }
        let number = from.first == "+" ? from : "+" + from
        // A sender may be a name, which nobody has as a number.
        guard number.dropFirst().allSatisfy({ "0123456789".contains($0) }), number.count > 1 else { return nil }
        if let message = result["message"] as? [String: Any] {
            guard let words = words(in: message) else { return nil }
            let context = message["context"] as? [String: Any]
            return InboundText(
                id: id, channel: .whatsapp, from: number, text: words, answers: context?["id"] as? String)
        }
        // The clean text lacks the keyword, so it is no use here.
        guard let words = result["text"] as? String ?? result["cleanText"] as? String else { return nil }
        return InboundText(id: id, channel: .sms, from: number, text: words)
    }

    /// A typed text, or what a button stands for. Pictures and other content say nothing.
    private static func words(in message: [String: Any]) -> String? {
        switch message["type"] as? String {
        case "TEXT": message["text"] as? String
        case "BUTTON": message["payload"] as? String ?? message["text"] as? String
        case "INTERACTIVE_BUTTON_REPLY", "INTERACTIVE_LIST_REPLY":
            message["id"] as? String ?? message["title"] as? String
        default: nil
        }
    }
}
