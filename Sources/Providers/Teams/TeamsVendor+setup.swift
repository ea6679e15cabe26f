package import Domain

/// Users enter the addresses of their workflows, so there is nothing to set.
extension TeamsVendor: ProviderSetup {
    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) { self.init() }

    package var channels: Set<Channel> { [.teams] }
    package var credentials: [(variable: String, secret: Secret)] { [] }
}
