package import Domain

extension GotifyVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        guard let server = reader.vendorAddress("GOTIFY_URL", surroundings) else { return nil }
        self.init(server: server)
    }

    package var channels: Set<Channel> { [.gotify] }
    package var credentials: [(variable: String, secret: Secret)] { [] }
}
