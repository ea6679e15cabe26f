package import Domain

extension MattermostVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        guard let server = reader.vendorAddress("MATTERMOST_URL", surroundings) else { return nil }
        self.init(server: server)
    }

    package var channels: Set<Channel> { [.mattermost] }
    package var credentials: [(variable: String, secret: Secret)] { [] }
}
