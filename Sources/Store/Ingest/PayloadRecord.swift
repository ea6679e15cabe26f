package import Domain

/// The id of a payload.
package typealias PayloadID = ID<PayloadRecord>

/// A received payload. It is kept for a while, so that its owner can see the result.
package struct PayloadRecord: Sendable, Hashable, Identifiable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// It was read. Each alert was stored, or has a reason why not.
        case taken
        /// No part of it could be used.
        case rejected
        /// It could not be stored, and the sender was asked to retry.
        case failed
    }

    /// One alert or fault of a payload.
    package struct Entry: Sendable, Hashable {
        /// `created`, `updated`, `resolved`, `ignored` or `rejected`.
        package var status: String
        package var title: String?
        package var dedupKey: String?
        /// What the key is made of, as `host=db1`. Empty when the sender named the key.
        package var keyParts: [String] = []
        /// The number of the incident.
        package var incident: Int?
        package var reason: String?

        package init(
            status: String, title: String?, dedupKey: String?, keyParts: [String] = [], incident: Int?, reason: String?
        ) {
            self.status = status
            self.title = title
            self.dedupKey = dedupKey
            self.keyParts = keyParts
            self.incident = incident
            self.reason = reason
        }
    }

    /// The result of processing the payload.
    package struct Results: Sendable, Hashable {
        /// The number of alerts by status.
        package var counts: [String: Int] = [:]
        /// The first `Limits.entries` alerts.
        package var entries: [Entry] = []
        package var notes: [String] = []

        package init() {}
    }

    package let id: PayloadID
    package var sourceID: SourceID
    package var receivedAt: Timestamp
    /// The source kind whose format was used to read it.
    package var kind: String
    package var contentType: String?
    package var userAgent: String?
    /// Size of the whole body in bytes.
    package var size: Int
    /// The first `Limits.body` bytes.
    package var body: [UInt8]
    package var verdict: Verdict
    package var results: Results

    package init(
        id: PayloadID, sourceID: SourceID, receivedAt: Timestamp, kind: String, contentType: String?,
        userAgent: String?, size: Int, body: [UInt8], verdict: Verdict = .taken, results: Results = Results()
    ) {
        self.id = id
        self.sourceID = sourceID
        self.receivedAt = receivedAt
        self.kind = kind
        self.contentType = contentType
        self.userAgent = userAgent
        self.size = size
        self.body = body
        self.verdict = verdict
        self.results = results
    }

    /// The limits on what is kept.
    package enum Limits {
        /// Payloads of each source.
        package static let perSource = 20
        /// Bytes of a body.
        package static let body = 64 << 10
        /// Alerts of one payload that are listed individually.
        package static let entries = 50
        /// Characters of a header, a note or a reason.
        package static let text = 600
    }
}
