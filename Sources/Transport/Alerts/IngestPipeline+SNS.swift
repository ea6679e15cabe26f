internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Integrations

extension IngestPipeline {
    /// Whether a payload is a message of SNS, whatever route of a source without a kind of its own it came by.
    func isOfSNS(_ payload: Payload, kind: String) -> Bool {
        kind == SNSIntegration.kind
            || kind == GenericIntegration.kind && payload.headers["x-amz-sns-message-type"] != nil
    }

    /// What a message of SNS holds, once it is found to be genuine, of an allowed topic, recent and new.
    ///
    /// A source that names no topics is pinned to those that were confirmed for it.
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

    /// Does what SNS asks for besides. A confirmation that did not work is asked for again by SNS.
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

    /// Makes sure that a message is not taken a second time, now that all of it is stored.
    func remember(_ decoded: Decoded, of source: AlertSource) async throws {
        guard let id = decoded.messageID else { return }
        do {
            try await services.ingestServices.sns.remember(id, source: source.id.rawValue, at: services.time.now())
        } catch {
            throw APIProblem.unavailable("\(error)")
        }
    }
}
