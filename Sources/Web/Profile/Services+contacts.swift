internal import Providers
internal import Transport

extension Services {
    /// What browsers need to subscribe to push messages. Nil if they can't.
    var pushKey: String? { providers.lazy.compactMap { ($0 as? HTTPProvider)?.pushKey }.first }

    /// The signatures of webhooks.
    var webhookSignature: WebhookSignature? { providers.lazy.compactMap { ($0 as? WebhookProvider)?.signature }.first }
}
