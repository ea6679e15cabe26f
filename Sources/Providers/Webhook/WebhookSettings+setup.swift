package import Domain

/// Users enter the URLs of webhooks, so there is nothing to set, and webhooks are always available.
package struct WebhookSettings: ProviderSetup {
    private let signature: WebhookSignature?

    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        signature = surroundings.signingKey.map { WebhookSignature(secret: $0) }
    }

    package var channels: Set<Channel> { [.webhook] }
    package var credentials: [(variable: String, secret: Secret)] { [] }

    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        WebhookProvider(client: CurlClient(), time: time, signature: signature)
    }
}
