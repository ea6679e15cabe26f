package import Domain

/// Users enter the URLs of webhooks, so nothing has to be set, and webhooks are always available.
package struct WebhookSettings: ProviderSetup {
    private let signature: WebhookSignature?
    /// Addresses in the operator's own network that webhooks may reach.
    private let allowed: [AddressRange]

    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        allowed = reader.ranges("WEBHOOK_ALLOWED_ADDRESSES") ?? []
        signature = surroundings.signingKeys.map { WebhookSignature(secrets: $0) }
    }

    package var channels: Set<Channel> { [.webhook] }
    package var credentials: [(variable: String, secret: Secret)] { [] }

    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        WebhookProvider(
            client: CurlClient(), time: time, reach: allowed.isEmpty ? .publicOnly : .publicOr(allowed),
            signature: signature)
    }
}
