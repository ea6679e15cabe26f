internal import Domain
internal import Providers

/// Users enter the URLs of webhooks, so there is nothing to set, and webhooks are always available.
struct WebhookSettings: ProviderSetup {
    init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {}

    var channels: Set<Channel> { [.webhook] }
    var secrets: [(variable: String, secret: Secret)] { [] }

    func makeProvider(time: TimeSource) -> any Provider { WebhookProvider(client: CurlClient(), time: time) }
}
