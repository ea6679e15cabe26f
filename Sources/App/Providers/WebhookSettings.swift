internal import Domain
internal import Providers

/// Webhooks go to addresses that people enter, so there is nothing to set, and they are always served.
struct WebhookSettings: ProviderSetup {
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {}

    var channels: Set<Channel> { [.webhook] }
    var secrets: [(variable: String, secret: Secret)] { [] }

    func makeProvider(time: TimeSource) -> any Provider { WebhookProvider(client: CurlClient(), time: time) }
}
