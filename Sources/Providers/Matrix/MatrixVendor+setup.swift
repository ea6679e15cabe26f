package import Domain

extension MatrixVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let token = reader.text("MATRIX_TOKEN")
        guard let server = reader.vendorAddress("MATRIX_URL", surroundings) else {
            if token != nil, reader.text("MATRIX_URL") == nil {
                reader.fail("MATRIX_URL", "set it to your homeserver, for example to https://matrix.example.com")
            }
            return nil
        }
        guard let token else {
            reader.fail("MATRIX_TOKEN", "set it to the access token of PagerPal's account")
            return nil
        }
        self.init(server: server, token: Secret(token))
    }

    package var channels: Set<Channel> { [.matrix] }
    package var credentials: [(variable: String, secret: Secret)] { [("MATRIX_TOKEN", token)] }
}
