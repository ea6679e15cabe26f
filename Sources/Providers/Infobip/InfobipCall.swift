internal import Domain
internal import Foundation

/// The request for one message: path and JSON, as in Infobip's OpenAPI document.
struct InfobipCall {
    let path: String
    let body: [UInt8]

    /// Nil when no sender is configured for the channel.
    init?(_ message: Message, _ settings: InfobipSettings) {
        guard let sender = settings.senders[message.channel], let compose = InfobipCall.composers[message.channel]
        else { return nil }
        let draft = Draft(
            message: message,
            text: message.channel.definition.textLimit?.fitted(message.shortText) ?? message.shortText,
            speech: message.speech ?? Speech(message.shortText),
            sender: sender,
            // International format without the plus.
            to: message.address.hasPrefix("+") ? String(message.address.dropFirst()) : message.address,
            report: settings.reportURL?.reveal(), template: settings.whatsAppTemplate)
        let (path, json) = compose(draft)
        guard
            let data = try? JSONSerialization.data(
                withJSONObject: json, options: [.sortedKeys, .withoutEscapingSlashes])
        else { return nil }
        self.path = path
        body = Array(data)
    }

    /// The parts that all requests share.
    private struct Draft {
        let message: Message
        /// The text, cut to the channel's limit.
        let text: String
        let speech: Speech
        let sender: String
        let to: String
        let report: String?
        let template: WhatsAppTemplate?
    }

    /// Builds the request for each channel that Infobip can serve.
    private static let composers: [Channel: @Sendable (Draft) -> (path: String, json: [String: Any])] = [
        .sms: sms, .whatsapp: whatsApp, .voice: call,
    ]

    @Sendable private static func sms(_ draft: Draft) -> (String, [String: Any]) {
        var entry: [String: Any] = [
            "sender": draft.sender,
            "destinations": [["to": draft.to, "messageId": draft.message.id]],
            "content": ["text": draft.text],
            "options": ["validityPeriod": ["amount": 30, "timeUnit": "MINUTES"]],
        ]
        if let report = draft.report {
            entry["webhooks"] = ["delivery": ["url": report], "contentType": "application/json"]
        }
        return ("/sms/3/messages", ["messages": [entry]])
    }

    @Sendable private static func whatsApp(_ draft: Draft) -> (String, [String: Any]) {
        var entry: [String: Any] = ["from": draft.sender, "to": draft.to, "messageId": draft.message.id]
        if let report = draft.report { entry["notifyUrl"] = report }
        guard let template = draft.template, !draft.message.isInConversation else {
            entry["content"] = ["text": draft.text]
            return ("/whatsapp/1/message/text", entry)
        }
        var data: [String: Any] = ["body": ["placeholders": template.texts(for: draft.message)]]
        if !template.buttons.isEmpty {
            data["buttons"] = template.buttons.map { ["type": "QUICK_REPLY", "parameter": $0] }
        }
        entry["content"] = [
            "templateName": template.name, "language": template.language(for: draft.message.locale),
            "templateData": data,
        ]
        return ("/whatsapp/1/message/template", ["messages": [entry]])
    }

    /// Infobip's codes of the languages, for which it has default voices (https://www.infobip.com/docs/api/channels/voice,
    /// and `CallsLanguage` of its client libraries). They are the same as the tags here.
    static let voices = ["en", "de", "hr", "es", "fr"]

    @Sendable private static func call(_ draft: Draft) -> (String, [String: Any]) {
        // The pressed key comes back with the delivery report.
        let takesKey = draft.report != nil && draft.message.url != nil
        let (text, words) = draft.speech.spoken(in: voices)
        let once = TextLimit.characters(650).fitted(text, keeping: takesKey ? " \(words.pressOne)" : "")
        // Who can press a key is given time for it instead.
        let end = takesKey ? "" : " \(words.goodbye)"
        var entry: [String: Any] = [
            "from": draft.sender, "destinations": [["to": draft.to, "messageId": draft.message.id]],
            "text": "\(once) \(words.again) \(once)\(end)", "language": words.language,
            // A voicemail box does not count as a person reached.
            "machineDetection": "hangup",
        ]
        if takesKey {
            entry["maxDtmf"] = 1
            entry["dtmfTimeout"] = 10
        }
        if let report = draft.report { entry["notifyUrl"] = report }
        return ("/tts/3/advanced", ["messages": [entry]])
    }
}
