package import Domain

extension TelegramVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        guard let token = reader.text("TELEGRAM_BOT_TOKEN") else { return nil }
        guard token.wholeMatch(of: /[0-9]+:[A-Za-z0-9_-]+/) != nil else {
            reader.fail("TELEGRAM_BOT_TOKEN", "use the token from @BotFather, such as 123456:ABC-DEF")
            return nil
        }
        self.init(token: Secret(token), polls: reader.flag("TELEGRAM_POLLING", true))
    }

    package var channels: Set<Channel> { [.telegram] }
    package var credentials: [(variable: String, secret: Secret)] { [("TELEGRAM_BOT_TOKEN", token)] }
}
