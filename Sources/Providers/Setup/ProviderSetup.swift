package import Domain

/// Reads the settings of one vendor and creates its providers.
package protocol ProviderSetup: Sendable {
    /// Nil if the vendor's variables are not set. Reports faults to the reader.
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings)

    var channels: Set<Channel> { get }
    /// The secrets with their variables. Production refuses placeholders.
    var credentials: [(variable: String, secret: Secret)] { get }

    /// Creates the provider of one channel with its own client and limits, so that a slow server or a limit on one
    /// channel delays no other channel.
    func makeProvider(for channel: Channel, time: TimeSource) -> any Provider
}

extension ProviderSetup where Self: HTTPVendor {
    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        HTTPProvider(self, for: channel, client: CurlClient(), time: time)
    }
}

/// The settings on which a provider depends.
package struct ProviderSurroundings: Sendable {
    package let isProduction: Bool
    /// PagerPal's public URL, without a trailing slash.
    package let baseURL: String
    /// For signatures of requests.
    package let signingKeys: SecretKeys?

    package init(isProduction: Bool, baseURL: String, signingKeys: SecretKeys? = nil) {
        self.signingKeys = signingKeys
        self.isProduction = isProduction
        self.baseURL = baseURL
    }

    /// Returns the address at which a vendor reports. Nil when vendors can't reach PagerPal over https.
    func callback(_ vendor: String) -> String? {
        baseURL.hasPrefix("https://") ? "\(baseURL)/api/v1/receipts/\(vendor)" : nil
    }
}

/// All vendors that can be set up. Where several serve a channel, the first in this list is asked first.
package let providerSetups: [any ProviderSetup.Type] = [
    InfobipSettings.self, TwilioVendor.self, SMSGateway.self, SMTPSettings.self, WebhookSettings.self, NtfyVendor.self,
    PushoverVendor.self, GotifyVendor.self, TelegramVendor.self, SlackVendor.self, TeamsVendor.self,
    MattermostVendor.self, DiscordVendor.self, MatrixVendor.self, WebPushSettings.self,
]

/// Creates the providers that the settings describe, one for each channel. A channel with several vendors has a chain.
package func makeProviders(_ setups: [any ProviderSetup], time: TimeSource) -> [any Provider] {
    Channel.allCases.compactMap { channel in
        let vendors = setups.filter { $0.channels.contains(channel) }.map { $0.makeProvider(for: channel, time: time) }
        return vendors.count > 1 ? ProviderChain(vendors, for: channel, time: time) : vendors.first
    }
}

/// Whether a URL or host name refers to this host.
package func isLoopback(_ address: String) -> Bool {
    let host = address.replacing("http://", with: "").prefix { $0 != ":" && $0 != "/" }
    return host == "localhost" || host == "127.0.0.1" || host == "[::1]"
}
