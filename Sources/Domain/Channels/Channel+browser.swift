/// Push messages to browsers (RFC 8030).
extension ChannelDefinition {
    static let webpush = ChannelDefinition(
        name: "browser", address: .pushSubscription, symbol: "bell",
        advice: "Set PAGERPAL_BASE_URL to an https address, since browsers take no push messages from others.",
        usualRule: UsualRule(), form: .push, textLimit: .characters(700))
}

/// A browser's subscription: where its push service takes messages, and the keys that encrypt them (RFC 8291). As an
/// address it is one text: `https://push.example.com/send/abc#KEY.SECRET.SENDER`. Older ones have no sender.
package struct PushSubscription: Sendable, Hashable {
    package let endpoint: String
    /// The browser's public key, an uncompressed point of P-256, in base64url.
    package let key: String
    /// 16 bytes in base64url.
    package let secret: String
    /// The last eight letters of PagerPal's public key with which the browser subscribed.
    package let sender: String?

    package static let longest = 1_000

    /// Nil for anything else.
    package init?(_ address: String) {
        guard address.utf8.count <= PushSubscription.longest, let hash = address.lastIndex(of: "#") else { return nil }
        let keys = address[address.index(after: hash)...].split(separator: ".", omittingEmptySubsequences: false)
        endpoint = String(address[..<hash])
        guard (2...3).contains(keys.count), AddressRule.webAddress.fault(in: endpoint) == nil,
            PushSubscription.isCode(keys[0], of: 87), PushSubscription.isCode(keys[1], of: 22),
            keys.count == 2 || PushSubscription.isCode(keys[2], of: 8)
        else { return nil }
        sender = keys.count == 3 ? String(keys[2]) : nil
        (key, secret) = (String(keys[0]), String(keys[1]))
    }

    private static func isCode(_ text: Substring, of length: Int) -> Bool {
        text.count == length
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }
}

extension AddressRule {
    static let pushSubscription = AddressRule(
        advice: "Write a browser's subscription, or better press the button in that browser's profile page, like "
            + "https://push.example.com/a#BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
            + ".BTBZMqHH6r4Tts7J_aSIgg.",
        isValid: { PushSubscription($0) != nil })
}

extension Channel {
    /// An address as people recognise it. A browser's is long, and a secret.
    package func shown(_ address: String) -> String {
        guard self == .webpush, let subscription = PushSubscription(address) else { return address }
        return String(subscription.endpoint.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" })
    }
}
