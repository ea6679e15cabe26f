package import Database
package import Domain
package import Logging
package import Store

/// What SNS has to do with the world: topics that are confirmed, and messages that were taken.
package struct Subscriptions: Sendable {
    /// GETs an address of at most so many bytes, through the guarded client.
    package typealias Fetch = @Sendable (_ url: String, _ limit: Int) async throws -> [UInt8]

    /// Bytes of SNS's answer to a confirmation.
    private static let answerLimit = 64 << 10

    /// How certificates and confirmations are fetched.
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

    /// The topics that a source is pinned to: those that were confirmed for it.
    package func topics(of source: SourceID) async throws(DatabaseError) -> [String] {
        try await store.subscriptions(of: source).filter { $0.state == .confirmed }.map(\.topic)
    }

    /// Confirms that a topic may send to a source.
    ///
    /// - Parameter url: has been found to be one of SNS's own.
    /// - Returns: why it is not confirmed; nil when it is.
    package func confirm(
        _ topic: String, at url: String, of source: AlertSource
    ) async throws(DatabaseError) -> String? {
        do {
            _ = try await fetch(url, Subscriptions.answerLimit)
        } catch {
            try await note(topic, .failed, "It could not be confirmed: \(error)", of: source)
            return "\(error)"
        }
        try await note(topic, .confirmed, "The subscription was confirmed.", of: source)
        return nil
    }

    /// Notes that a topic sends no more.
    package func end(_ topic: String, of source: AlertSource) async throws(DatabaseError) {
        try await note(topic, .ended, "It was unsubscribed in AWS; nothing comes from this topic any more.", of: source)
    }

    /// Whether a source has taken a message before.
    package func hasTaken(_ message: String, from source: SourceID) async throws(DatabaseError) -> Bool {
        try await store.hasTaken(message, from: source)
    }

    /// Keeps in mind that a source has taken a message.
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
