package import Domain

/// Users enter the addresses of webhooks, for which there is nothing to set.
extension SlackVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let token = reader.text("SLACK_BOT_TOKEN")
        if let token, !token.hasPrefix("xoxb-") {
            reader.fail("SLACK_BOT_TOKEN", "use the bot token of your app, which begins with xoxb-")
        }
        let signingSecret = reader.text("SLACK_SIGNING_SECRET")
        if signingSecret != nil, token == nil {
            reader.fail("SLACK_BOT_TOKEN", "set it too: only a bot's messages have the buttons of SLACK_SIGNING_SECRET")
        }
        if let signingSecret, signingSecret.hasPrefix("xox") {
            reader.fail(
                "SLACK_SIGNING_SECRET", "use the signing secret under Basic Information of your app, not a token")
        }
        self.init(token: token.map { Secret($0) }, signingSecret: signingSecret.map { Secret($0) })
    }

    package var channels: Set<Channel> { [.slack] }
    package var credentials: [(variable: String, secret: Secret)] {
        [("SLACK_BOT_TOKEN", token), ("SLACK_SIGNING_SECRET", signingSecret)].compactMap { variable, secret in
            secret.map { (variable, $0) }
        }
    }
}
