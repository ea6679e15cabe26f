/// Push messages and chats. Their messages have a title, a text and a button.
extension ChannelDefinition {
    static let ntfy = ChannelDefinition(
        name: "ntfy", address: .topic, symbol: "bell", advice: "Set NTFY_URL.", usualRule: UsualRule(), form: .push,
        textLimit: .characters(1_200))

    static let telegram = ChannelDefinition(
        name: "Telegram", address: .telegramChat, symbol: "chat", advice: "Set TELEGRAM_BOT_TOKEN.",
        usualRule: UsualRule(), form: .push, textLimit: .characters(3_000))

    static let slack = ChannelDefinition(
        name: "Slack", address: .slackWebhook, symbol: "chat",
        advice: "Slack needs no settings; this process has no provider for it.", usualRule: UsualRule(), form: .push,
        textLimit: .characters(2_400))
}

extension AddressRule {
    /// A topic of ntfy. Whoever knows it can read it, so it should be long.
    static let topic = AddressRule(
        advice: "Write the topic. Anybody who knows it can read it, so choose a long one, like ops-7fK2mQ9x.",
        isValid: { (1...64).contains($0.count) && $0.allSatisfy(isWordCharacter) })

    /// A chat's number, or the name of a public channel.
    static let telegramChat = AddressRule(
        advice: "Write the number of your chat with the bot, or of a group, like -1001234567890.",
        isValid: { text in
            if text.first == "@" {
                return (6...33).contains(text.count) && text.dropFirst().allSatisfy { isWordCharacter($0) && $0 != "-" }
            }
            let digits = text.first == "-" ? text.dropFirst() : text[...]
            return (1...19).contains(digits.count) && digits.first != "0"
                && digits.allSatisfy { "0123456789".contains($0) }
        })

    /// An incoming webhook of Slack, whose host is fixed.
    static let slackWebhook = vendorWebhook(
        advice: "Write the webhook's address, like https://hooks.slack.com/services/T0/B0/key.",
        prefixes: ["https://hooks.slack.com/services/", "https://hooks.slack-gov.com/services/"])

    /// A web address that begins with one of a vendor's own.
    static func vendorWebhook(advice: String, prefixes: [String]) -> AddressRule {
        AddressRule(
            advice: advice,
            isValid: { text in
                AddressRule.webAddress.fault(in: text) == nil
                    && prefixes.contains { text.hasPrefix($0) && text.count > $0.count }
            })
    }
}

@Sendable private func isWordCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "-" || character == "_")
}
