package import Domain

extension NtfyVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let token = reader.text("NTFY_TOKEN")
        guard let server = reader.vendorAddress("NTFY_URL", surroundings) else {
            if token != nil, reader.text("NTFY_URL") == nil {
                reader.fail("NTFY_URL", "set it to use ntfy, for example to https://ntfy.sh")
            }
            return nil
        }
        self.init(server: server, token: token.map { Secret($0) })
    }

    package var channels: Set<Channel> { [.ntfy] }
    package var credentials: [(variable: String, secret: Secret)] { token.map { [("NTFY_TOKEN", $0)] } ?? [] }
}
