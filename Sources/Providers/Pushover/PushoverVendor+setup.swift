package import Domain

extension PushoverVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        guard let token = reader.text("PUSHOVER_TOKEN") else { return nil }
        guard token.wholeMatch(of: /[A-Za-z0-9]{30}/) != nil else {
            reader.fail("PUSHOVER_TOKEN", "use the application's API token: 30 letters and digits")
            return nil
        }
        self.init(token: Secret(token), callback: surroundings.callback("pushover"))
    }

    package var channels: Set<Channel> { [.pushover] }
    package var credentials: [(variable: String, secret: Secret)] { [("PUSHOVER_TOKEN", token)] }
}
