internal import Domain
internal import Foundation

/// The request for one message: path and JSON, as Infobip's OpenAPI document describes them.
struct InfobipCall {
    let path: String
    let body: [UInt8]

    /// Nil when no sender is configured for the channel.
    init?(_ message: Message, _ settings: InfobipSettings) {
        // International format without the plus.
        let to = message.address.hasPrefix("+") ? String(message.address.dropFirst()) : message.address
        let report = settings.reportURL?.reveal()
        let json: [String: Any]
        switch message.channel {
        case .sms:
            guard let sender = settings.smsSender else { return nil }
            path = "/sms/3/messages"
            json = InfobipCall.sms(message, from: sender, to: to, report: report)
        case .whatsapp:
            guard let sender = settings.whatsAppSender else { return nil }
            path = settings.whatsAppTemplate == nil ? "/whatsapp/1/message/text" : "/whatsapp/1/message/template"
            json = InfobipCall.whatsApp(message, from: sender, to: to, settings.whatsAppTemplate, report: report)
        case .voice:
            guard let sender = settings.voiceSender else { return nil }
            path = "/tts/3/advanced"
            json = InfobipCall.call(message, from: sender, to: to, report: report)
        case .email, .webhook: return nil
        }
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: json, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return nil }
        body = Array(data)
    }

    private static func sms(_ message: Message, from sender: String, to: String, report: String?) -> [String: Any] {
        var entry: [String: Any] = [
            "sender": sender,
            "destinations": [["to": to, "messageId": message.id]],
            "content": ["text": SMSText.fitted(message.shortText)],
            "options": ["validityPeriod": ["amount": 30, "timeUnit": "MINUTES"]],
        ]
        if let report {
            entry["webhooks"] = ["delivery": ["url": report], "contentType": "application/json"]
        }
        return ["messages": [entry]]
    }

    private static func whatsApp(
        _ message: Message, from sender: String, to: String, _ template: String?, report: String?
    ) -> [String: Any] {
        var entry: [String: Any] = ["from": sender, "to": to, "messageId": message.id]
        if let report { entry["notifyUrl"] = report }
        guard let template else {
            entry["content"] = ["text": String(message.shortText.prefix(4096))]
            return entry
        }
        entry["content"] = [
            "templateName": template, "language": "en",
            "templateData": ["body": ["placeholders": [flattened(message.shortText)]]],
        ]
        return ["messages": [entry]]
    }

    private static func call(_ message: Message, from sender: String, to: String, report: String?) -> [String: Any] {
        var entry: [String: Any] = [
            "from": sender, "destinations": [["to": to, "messageId": message.id]],
            "text": String(message.shortText.prefix(1400)), "language": "en",
        ]
        if let report { entry["notifyUrl"] = report }
        return ["messages": [entry]]
    }

    /// WhatsApp refuses a placeholder with line ends, tabs, more than four blanks in a row, or nothing.
    static func flattened(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline }
        return words.isEmpty ? "-" : String(words.joined(separator: " ").prefix(1000))
    }
}

/// The length of an SMS: 160 characters of GSM 7-bit or 70 of UCS-2, 153 and 67 in each of several parts.
enum SMSText {
    /// Parts of one page: more cost money and arrive late.
    static let parts = 3

    private static let gsm = Set(
        "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
            .unicodeScalars)
    private static let extended = Set("^{}\\[~]|€\u{0C}".unicodeScalars)

    /// The text, cut with an ellipsis where it would need more parts.
    static func fitted(_ text: String) -> String {
        let limit = isGSM(text) ? parts * 153 : parts * 67
        guard length(text) > limit else { return text }
        var cut = text
        while length(cut) > limit - 3 { cut.removeLast() }
        return cut + "..."
    }

    static func isGSM(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { gsm.contains($0) || extended.contains($0) }
    }

    /// In septets, or in UTF-16 units for a text that GSM 7-bit can't hold.
    static func length(_ text: String) -> Int {
        isGSM(text) ? text.unicodeScalars.reduce(0) { $0 + (extended.contains($1) ? 2 : 1) } : text.utf16.count
    }
}
