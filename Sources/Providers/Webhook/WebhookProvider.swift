package import Domain

/// Posts pages to a web address that a person typed: as JSON objects, or as the person wants them.
///
/// The address is checked after name resolution, so that it cannot reach this host or its network. Redirects are not
/// followed.
package actor WebhookProvider: Provider {
    package nonisolated let name = "webhook"
    package nonisolated let channels: Set<Channel> = [.webhook]
    package nonisolated let gate: Gate
    private let client: CurlClient
    private let reach: CurlRequest.Reach

    /// Twenty messages a second with bursts of forty. A higher rate would help nobody. All may be under way, so that a few
    /// slow servers leave room for the others.
    package static let limits = ProviderLimits(perSecond: 20, burst: 40, concurrency: 40)
    private let timeout: Duration
    private let time: TimeSource
    /// Nil in tests that need no signatures.
    package nonisolated let signature: WebhookSignature?

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(
        client: CurlClient, time: TimeSource, reach: CurlRequest.Reach = .publicOnly, timeout: Duration = .seconds(10),
        signature: WebhookSignature? = nil
    ) {
        self.signature = signature
        self.client = client
        self.timeout = timeout
        self.time = time
        self.reach = reach
        // Every address is a server of its own.
        gate = Gate(limits: WebhookProvider.limits, time: time, isOneServer: false)
    }

    /// The HTTP answer already confirms delivery, so there is no report to wait for.
    package nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        let body = Array((message.body ?? "{}").utf8)
        let proof = signature.map {
            [(name: WebhookSignature.header, value: $0.value(for: body, to: message.address, at: time.now()))]
        }
        let request = CurlRequest(
            url: message.address,
            kind: .http(
                method: "POST",
                headers: [
                    ("Content-Type", message.contentType), ("User-Agent", "PagerPal"),
                    ("X-PagerPal-Message-Id", message.id),
                ] + (proof ?? []), body: body),
            reach: reach, timeout: timeout, responseLimit: 0, isCancellable: false, mayStart: mayStillSend)
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        do {
            return receipt(for: try await client.perform(request))
        } catch {
            return receipt(for: error)
        }
    }

    /// Every address is a server of its own, so a fault of one says nothing about the others.
    private func fault(_ blame: Fault.Blame, _ words: String) -> Fault { Fault(blame, words, scope: .destination) }

    private func receipt(for response: CurlResponse) -> Receipt {
        let words = "The webhook answered \(response.status)."
        switch response.status {
        case 200..<300: return .accepted(reference: nil, note: "answered \(response.status)")
        case 408, 425, 429, 500...:
            return .temporary(fault(.transient, words), retryAfter: response.retryAfter(at: time.now()))
        case 300..<400:
            return .permanent(fault(.recipient, "\(words) Redirects are not followed; use the address it leads to."))
        default: return .permanent(fault(.recipient, words))
        }
    }

    private func receipt(for error: CurlError) -> Receipt {
        switch error {
        case .lostAfterSending, .cancelled: .unknown(fault(.transient, error.description))
        case .notStarted: .notSent(reason: error.description)
        case .addressNotAllowed, .tlsImpossible: .permanent(fault(.recipient, error.description))
        case .nameNotResolved: .temporary(fault(.transient, error.description).doubtful, retryAfter: nil)
        case .notConnected, .tlsFailed, .timedOutBeforeSending, .refused, .mailRefused,
            .loginNotPossible, .answerTooLong, .other:
            .temporary(fault(.transient, error.description), retryAfter: nil)
        }
    }
}
