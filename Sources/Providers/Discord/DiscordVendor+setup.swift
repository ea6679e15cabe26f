package import Domain

/// Users enter the addresses of their webhooks, so there is nothing to set.
extension DiscordVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) { self.init() }

    package var channels: Set<Channel> { [.discord] }
    package var credentials: [(variable: String, secret: Secret)] { [] }
}
