internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Integrations

extension IngestPipeline {
    /// Whether a payload is an SNS message. A generic source accepts one on any of its routes.
    func isOfSNS(_ payload: Payload, kind: String) -> Bool {
        kind == SNSIntegration.kind
            || kind == GenericIntegration.kind && payload.headers["x-amz-sns-message-type"] != nil
    }

    /// Returns the content of an SNS message after checking that it is genuine, recent, new and from an allowed topic.
    ///
    /// A source that lists no topics accepts only the topics that were confirmed for it.
    func receive(
        _ payload: Payload, from source: AlertSource, _ options: SourceOptions
    ) async throws -> Decoded {
        var options = options
        if options.topics.isEmpty {
            options.topics = try await services.ingestServices.subscriptions.topics(of: source.id)
        }
        do {
            return try await services.ingestServices.sns.receive(payload, options: options, source: source.id.rawValue)
        } catch {
            switch error {
            case .refused(let reason): throw reason
            case .unavailable(let cause): throw APIProblem.unavailable("\(cause)")
            }
        }
    }

    /// Handles a subscription request in the message. SNS repeats a confirmation that failed.
    func answer(_ request: Decoded.Request?, from source: AlertSource) async throws {
        switch request {
        case .confirm(let url, let topic):
            let failure = try await services.ingestServices.subscriptions.confirm(topic, at: url, of: source)
            if let failure {
                throw APIProblem(
                    .serviceUnavailable, "Not confirmed", "The subscription could not be confirmed. \(failure)",
                    headers: [.retryAfter: "20"])
            }
        case .unsubscribed(let topic): try await services.ingestServices.subscriptions.end(topic, of: source)
        case .answer, nil: break
        }
    }

    /// Records the message so that it is not processed twice. Call this after all of it is stored.
    func remember(_ decoded: Decoded, of source: AlertSource) async throws {
        guard let id = decoded.messageID else { return }
        do {
            try await services.ingestServices.sns.remember(id, source: source.id.rawValue, at: services.time.now())
        } catch {
            throw APIProblem.unavailable("\(error)")
        }
    }
}
