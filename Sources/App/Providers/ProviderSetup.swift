internal import Domain
internal import Providers

/// How one provider comes about: the settings that it reads, and the provider that they make.
protocol ProviderSetup: Sendable {
    /// Nil when its variables are not set. What is wrong with them goes to the reader.
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings)

    var channels: Set<Channel> { get }
    /// Secrets, with their variables: production refuses placeholders.
    var secrets: [(variable: String, secret: Secret)] { get }

    /// The provider with a client of its own, so that a slow server holds up nobody else's messages.
    func makeProvider(time: TimeSource) -> any Provider
}

/// What the settings of a provider depend on.
struct ProviderSurroundings {
    let isProduction: Bool
    /// Where PagerPal is reached, without a slash at the end.
    let baseURL: String
}

/// Every provider that can be set up.
let providerSetups: [any ProviderSetup.Type] = [InfobipSettings.self, SMTPSettings.self, WebhookSettings.self]
