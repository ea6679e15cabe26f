package import Domain

extension MattermostVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let token = reader.text("MATTERMOST_BOT_TOKEN")
        guard let server = reader.vendorAddress("MATTERMOST_URL", surroundings) else { return nil }
        self.init(server: server, token: token.map { Secret($0) })
    }

    package var channels: Set<Channel> { [.mattermost] }
    package var credentials: [(variable: String, secret: Secret)] {
        token.map { [("MATTERMOST_BOT_TOKEN", $0)] } ?? []
    }
}
