package import Actors
internal import Domain
internal import Formats
internal import Integrations
internal import Synchronization

/// The services that only the routes of alert sources need.
package struct IngestServices: Sendable {
    package var payloads: PayloadLog
    package var heartbeats: HeartbeatReceiver
    package var subscriptions: Subscriptions
    let sns: SNSReceiver
    let refusedKeys = RefusedKeys()

    package init(payloads: PayloadLog, heartbeats: HeartbeatReceiver, subscriptions: Subscriptions) {
        self.payloads = payloads
        self.heartbeats = heartbeats
        self.subscriptions = subscriptions
        sns = SNSReceiver(LiveSNSContext(subscriptions: subscriptions))
    }
}

/// Counts refused keys since the process started. Nothing else is kept of such requests.
final class RefusedKeys: Sendable {
    private let number = Atomic<Int>(0)

    var count: Int { number.load(ordering: .relaxed) }

    package func add() { number.add(1, ordering: .relaxed) }
}

/// The production implementation of ``SNSContext``.
private struct LiveSNSContext: SNSContext {
    let subscriptions: Subscriptions

    func certificate(at url: String) async throws -> [UInt8] {
        try await subscriptions.fetch(url, SNSReceiver.Limits.certificate)
    }

    func hasTaken(_ messageID: String, from source: String) async throws -> Bool {
        try await subscriptions.hasTaken(messageID, from: SourceID(source))
    }

    func remember(_ messageID: String, from source: String, until: Timestamp) async throws {
        try await subscriptions.remember(messageID, from: SourceID(source), until: until)
    }
}
