internal import Formats
internal import Foundation

/// Envelopes that brokers put around a payload: a Pub/Sub push, base64, JSON in a text. They are undone before the sender is
/// looked for.
enum Envelope {
    /// Nil when there is no envelope with JSON in it.
    static func content(of json: JSON) -> JSON? {
        var content: JSON?
        var current = json
        // An envelope may be in another one.
        for _ in 0..<3 {
            guard let inner = inner(of: current) else { break }
            (content, current) = (inner, inner)
        }
        return content
    }

    private static func inner(of json: JSON) -> JSON? {
        // Pub/Sub, pushed: {"message": {"data": "…", "messageId": "1"}, "subscription": "…"}.
        if let message = json["message"], message.object != nil,
            message["messageId"] ?? message["message_id"] ?? json["subscription"] != nil
        {
            return opened(message["data"])
        }
        guard let object = json.object, object.members.count <= 8 else { return nil }
        // CloudEvents, with the data as it is or in base64.
        if json.has("specversion", "type", "source") {
            return json["data"].flatMap { $0.object == nil ? opened($0) : $0 } ?? opened(json["data_base64"])
        }
        let isAlert = json.text("title", "summary", "subject") != nil
        for name in ["data", "payload", "body", "message", "Message", "data_base64", "event", "content"] where !isAlert
        {
            if let found = opened(json[name]), found.object != nil || found.array?.first?.object != nil { return found }
        }
        return nil
    }

    /// JSON in a text, perhaps in base64.
    private static func opened(_ value: JSON?) -> JSON? {
        guard case .string(let text)? = value, text.utf8.count >= 2 else { return nil }
        let start = text.utf8.first { $0 > 32 }
        if start == UInt8(ascii: "{") || start == UInt8(ascii: "[") { return container(Array(text.utf8)) }
        guard text.utf8.count >= 16, text.utf8.allSatisfy(isBase64) else { return nil }
        var plain = text.filter { !$0.isWhitespace }.replacing("-", with: "+").replacing("_", with: "/")
        while plain.utf8.count % 4 != 0 { plain += "=" }
        return Data(base64Encoded: plain).flatMap { container(Array($0)) }
    }

    private static func container(_ bytes: [UInt8]) -> JSON? {
        guard let json = try? JSONParser.parse(bytes), json.object != nil || json.array != nil else { return nil }
        return json
    }

    private static func isBase64(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "-"), UInt8(ascii: "_"), 10, 13]
                .contains(byte)
    }
}
