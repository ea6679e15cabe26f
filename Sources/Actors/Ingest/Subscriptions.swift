package import Database
package import Domain
package import Logging
package import Store

/// The state of SNS integrations: confirmed topics and the messages already received.
package struct Subscriptions: Sendable {
    /// Fetches at most `limit` bytes from a URL with GET, through the guarded client.
    package typealias Fetch = @Sendable (_ url: String, _ limit: Int) async throws -> [UInt8]

    /// The maximum number of bytes to read of SNS's answer to a confirmation.
    private static let answerLimit = 64 << 10

    /// Fetches certificates and confirmations.
    package let fetch: Fetch
    private let store: Store
    private let time: TimeSource
    private let logger: Logger

    package init(store: Store, time: TimeSource, logger: Logger, fetch: @escaping Fetch) {
        self.store = store
        self.time = time
        self.logger = logger
        self.fetch = fetch
    }

    /// Returns the topics that are confirmed for a source. It accepts messages from no others.
    package func topics(of source: SourceID) async throws(DatabaseError) -> [String] {
        try await store.subscriptions(of: source).filter { $0.state == .confirmed }.map(\.topic)
    }

    /// Confirms that a topic may send to a source.
    ///
    /// - Parameter url: the confirmation URL. The caller has checked that it belongs to SNS.
    /// - Returns: why the topic could not be confirmed, or nil on success.
    package func confirm(
        _ topic: String, at url: String, of source: AlertSource
    ) async throws(DatabaseError) -> String? {
        do {
            _ = try await fetch(url, Subscriptions.answerLimit)
        } catch {
            try await note(topic, .failed, "The subscription could not be confirmed: \(error)", of: source)
            return "\(error)"
        }
        try await note(topic, .confirmed, "The subscription was confirmed.", of: source)
        return nil
    }

    /// Records that a topic no longer sends to a source.
    package func end(_ topic: String, of source: AlertSource) async throws(DatabaseError) {
        try await note(topic, .ended, "The topic was unsubscribed in AWS and sends no more messages.", of: source)
    }

    /// Whether a source has already received a message.
    package func hasTaken(_ message: String, from source: SourceID) async throws(DatabaseError) -> Bool {
        try await store.hasTaken(message, from: source)
    }

    /// Records that a source has received a message.
    package func remember(
        _ message: String, from source: SourceID, until expiry: Timestamp
    ) async throws(DatabaseError) {
        try await store.remember(message, from: source, until: expiry, at: time.now())
    }

    private func note(
        _ topic: String, _ state: SNSSubscription.State, _ detail: String, of source: AlertSource
    ) async throws(DatabaseError) {
        logger.notice(
            "a subscription to SNS changed",
            metadata: ["source": "\(source.name)", "topic": "\(topic)", "state": "\(state.rawValue)"])
        try await store.save(
            SNSSubscription(topic: topic, state: state, detail: detail, at: time.now()), of: source.id)
    }
}
