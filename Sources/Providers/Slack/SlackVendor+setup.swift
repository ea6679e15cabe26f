package import Domain

/// Users enter the addresses of webhooks, for which there is nothing to set.
extension SlackVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let token = reader.text("SLACK_BOT_TOKEN")
        if let token, !token.hasPrefix("xoxb-") {
            reader.fail("SLACK_BOT_TOKEN", "use the bot token of your app, which begins with xoxb-")
        }
        self.init(token: token.map { Secret($0) })
    }

    package var channels: Set<Channel> { [.slack] }
    package var credentials: [(variable: String, secret: Secret)] { token.map { [("SLACK_BOT_TOKEN", $0)] } ?? [] }
}
