/// Push messages and chats. Their messages have a title, a text and a button.
extension ChannelDefinition {
    static let ntfy = ChannelDefinition(
        name: "ntfy", address: .topic, symbol: "bell", advice: "Set NTFY_URL.", usualRule: UsualRule(), form: .push,
        textLimit: .characters(1_200))

    static let telegram = ChannelDefinition(
        name: "Telegram", address: .telegramChat, symbol: "chat", advice: "Set TELEGRAM_BOT_TOKEN.",
        usualRule: UsualRule(), form: .push, textLimit: .characters(3_000))

    static let slack = ChannelDefinition(
        name: "Slack", address: .slack, symbol: "chat",
        advice: "Slack needs no settings; this process has no provider for it.", usualRule: UsualRule(), form: .push,
        textLimit: .characters(2_400))

    static let pushover = ChannelDefinition(
        name: "Pushover", address: .pushoverKey, symbol: "bell", advice: "Set PUSHOVER_TOKEN.", usualRule: UsualRule(),
        form: .push, textLimit: .characters(1_000))

    static let gotify = ChannelDefinition(
        name: "Gotify", address: .gotifyToken, symbol: "bell", advice: "Set GOTIFY_URL.", usualRule: UsualRule(),
        form: .push, textLimit: .characters(3_000))

    static let teams = ChannelDefinition(
        name: "Microsoft Teams", address: .teamsWorkflow, symbol: "chat",
        advice: "Microsoft Teams needs no settings; this process has no provider for it.", usualRule: UsualRule(),
        form: .push, textLimit: .characters(3_000))

    static let mattermost = ChannelDefinition(
        name: "Mattermost", address: .mattermostHook, symbol: "chat", advice: "Set MATTERMOST_URL.",
        usualRule: UsualRule(), form: .push, textLimit: .characters(3_000))

    static let discord = ChannelDefinition(
        name: "Discord", address: .discordWebhook, symbol: "chat",
        advice: "Discord needs no settings; this process has no provider for it.", usualRule: UsualRule(), form: .push,
        textLimit: .characters(1_500))

    static let matrix = ChannelDefinition(
        name: "Matrix", address: .matrixRoom, symbol: "chat", advice: "Set MATRIX_URL and MATRIX_TOKEN.",
        usualRule: UsualRule(), form: .push, textLimit: .characters(3_000))
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

    /// An incoming webhook of Slack, whose host is fixed, or the id of a channel or a person for the operator's bot.
    static let slack = AddressRule(
        advice: "Write the webhook's address, like https://hooks.slack.com/services/T0/B0/key, or the id of a channel "
            + "or a person for PagerPal's bot, like C024BE91L.",
        isValid: { text in
            if text.wholeMatch(of: /[CGDUW][A-Z0-9]{7,20}/) != nil { return true }
            let hosts = ["https://hooks.slack.com/services/", "https://hooks.slack-gov.com/services/"]
            return vendorWebhook(advice: "", prefixes: hosts).fault(in: text) == nil
        })

    /// A user's or group's key.
    static let pushoverKey = AddressRule(
        advice: "Write the user key or group key, 30 letters and digits, like uQiRzpo4DXghDmr9QzzfQu27cmVRsG.",
        isValid: { $0.count == 30 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } })

    /// An application's token.
    static let gotifyToken = AddressRule(
        advice: "Write the token of an application that you created in Gotify, like AWfUi5jS5kFmXx2.",
        isValid: { text in
            (8...64).contains(text.count) && text.allSatisfy { isWordCharacter($0) || $0 == "." }
        })

    /// A workflow of Power Automate. Its host differs from region to region.
    static let teamsWorkflow = AddressRule(
        advice: "Write the workflow's address, like https://prod-01.westeurope.logic.azure.com/workflows/key.",
        isValid: { text in
            guard AddressRule.webAddress.fault(in: text) == nil else { return false }
            let host = text.dropFirst("https://".count).prefix { !"/:?#".contains($0) }.lowercased()
            return [".logic.azure.com", ".api.powerplatform.com", ".logic.azure.us", ".logic.azure.cn"].contains {
                host.hasSuffix($0)
            }
        })

    /// The key of an incoming webhook, or `channel:` with a channel's id for the operator's bot. A whole address
    /// is reduced to its last part, because the operator sets the server.
    static let mattermostHook = AddressRule(
        advice:
            "Write channel: and the id of a channel for PagerPal's bot, or the last part of a webhook's address, like "
            + "xxx1yyy2zzz3aaa4bbb5ccc6dd.",
        isValid: { text in
            let key = text.hasPrefix("channel:") ? text.dropFirst("channel:".count) : text[...]
            return key.count == 26 && key.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber) }
        },
        normalize: { text in text.contains("/hooks/") ? String(text.split(separator: "/").last ?? "") : text })

    /// A webhook of Discord, whose hosts are fixed.
    static let discordWebhook = vendorWebhook(
        advice: "Write the webhook's address, like https://discord.com/api/webhooks/1/key.",
        prefixes: ["https://discord.com/api/webhooks/", "https://discordapp.com/api/webhooks/"])

    /// A room's id. Newer rooms have no server in it.
    static let matrixRoom = AddressRule(
        advice: "Write the room's internal id, like !AbCdEfGh:example.com.",
        isValid: { text in
            text.hasPrefix("!") && (2...255).contains(text.utf8.count)
                && text.allSatisfy { isWordCharacter($0) || "!:.=+/".contains($0) }
        })

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
