internal import Domain
internal import Providers

/// Reads the settings of one provider and creates it.
protocol ProviderSetup: Sendable {
    /// Nil if the provider's variables are not set. Reports faults to the reader.
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings)

    var channels: Set<Channel> { get }
    /// The secrets with their variables. Production refuses placeholders.
    var secrets: [(variable: String, secret: Secret)] { get }

    /// Creates the provider with its own client, so that a slow server delays no other provider's messages.
    func makeProvider(time: TimeSource) -> any Provider
}

/// The settings on which a provider depends.
struct ProviderSurroundings {
    let isProduction: Bool
    /// PagerPal's public URL, without a trailing slash.
    let baseURL: String
}

/// All providers that can be set up.
let providerSetups: [any ProviderSetup.Type] = [InfobipSettings.self, SMTPSettings.self, WebhookSettings.self]
