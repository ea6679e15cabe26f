package import Domain

/// Push messages to browsers through their vendors' push services (RFC 8030). They need no account. The address is a
/// browser's subscription.
package struct WebPushVendor: HTTPVendor {
    /// How long a push service keeps a message for a browser that is not connected.
    private static let lifetime: Duration = .hours(1)

    package let signature: PushSignature
    /// With the key from before, for browsers that subscribed under it.
    private let previous: PushSignature?
    package var timeout: Duration
    package var reach: CurlRequest.Reach
    private let time: TimeSource

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(
        signature: PushSignature, previous: PushSignature? = nil, time: TimeSource, timeout: Duration = .seconds(10),
        reach: CurlRequest.Reach = .publicOnly
    ) {
        self.signature = signature
        self.previous = previous
        self.time = time
        self.timeout = timeout
        self.reach = reach
    }

    package let name = "webpush"
    package let title = "The browser's push service"
    package var advice: String? { nil }
    package var secrets: [String] { [] }

    package func request(for message: Message) -> VendorRequest {
        guard let subscription = PushSubscription(message.address),
            let body = PushEncryption.encrypt(WebPushVendor.text(of: message), for: subscription)
            // The address was checked when it was stored. A push service refuses a request without a body.
        else { return VendorRequest("POST", String(message.address.prefix { $0 != "#" })) }
        return VendorRequest(
            "POST", subscription.endpoint,
            headers: [
                ("Content-Type", "application/octet-stream"), ("Content-Encoding", "aes128gcm"),
                ("TTL", String(WebPushVendor.lifetime.components.seconds)),
                ("Urgency", message.urgency == .high ? "high" : "normal"),
                (
                    "Authorization",
                    signature(for: subscription).authorization(for: subscription.endpoint, at: time.now())
                ),
            ], body: body)
    }

    /// A push service takes messages only from whom the browser subscribed to. Subscriptions that don't say which key that was are older
    /// than a change of the key.
    private func signature(for subscription: PushSubscription) -> PushSignature {
        guard let previous, subscription.sender.map({ previous.publicKey.hasSuffix($0) }) ?? true else {
            return signature
        }
        return previous
    }

    /// The JSON that the service worker shows.
    static func text(of message: Message) -> [UInt8] {
        var object: [String: Any] = [
            "id": message.id, "title": message.headline, "body": message.shortText,
            "urgent": message.urgency == .high,
        ]
        if let url = message.url { object["url"] = url }
        let text = RequestBody.json(object)
        guard text.count > PushEncryption.longest else { return text }
        object["body"] = ""
        return RequestBody.json(object)
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch answer.status {
        // The browser has unsubscribed, or SECRET_KEY has changed.
        case 400, 401, 403, 404, 410: .refused(.recipient)
        case 413: .refused(.message)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? {
        answer.string("message") ?? answer.string("reason")
    }
}

/// Browsers need no settings, only an https address to which they belong.
package struct WebPushSettings: ProviderSetup {
    private let signature: PushSignature
    private let previous: PushSignature?

    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        guard let keys = surroundings.signingKeys,
            surroundings.baseURL.hasPrefix("https://") || isLoopback(surroundings.baseURL)
        else { return nil }
        signature = PushSignature(secret: keys.current, contact: surroundings.baseURL)
        previous = keys.previous.map { PushSignature(secret: $0, contact: surroundings.baseURL) }
    }

    package var channels: Set<Channel> { [.webpush] }
    package var credentials: [(variable: String, secret: Secret)] { [] }

    package func makeProvider(for channel: Channel, time: TimeSource) -> any Provider {
        HTTPProvider(
            WebPushVendor(signature: signature, previous: previous, time: time), for: channel, client: CurlClient(),
            time: time)
    }
}
