package import Domain

/// The identity of a payload.
package typealias PayloadID = ID<PayloadRecord>

/// A payload as it is kept for a while, so that its owner can see what became of it.
package struct PayloadRecord: Sendable, Hashable, Identifiable {
    package enum Verdict: String, Sendable, CaseIterable {
        /// It was read, and each of its alerts was stored or had a reason not to be.
        case taken
        /// Nothing in it could be used.
        case rejected
        /// It could not be stored; its sender was told to try again.
        case failed
    }

    /// One alert of it, or one fault.
    package struct Entry: Sendable, Hashable {
        /// `created`, `updated`, `resolved`, `ignored` or `rejected`.
        package var status: String
        package var title: String?
        package var dedupKey: String?
        /// The incident's number.
        package var incident: Int?
        package var reason: String?

        package init(status: String, title: String?, dedupKey: String?, incident: Int?, reason: String?) {
            self.status = status
            self.title = title
            self.dedupKey = dedupKey
            self.incident = incident
            self.reason = reason
        }
    }

    /// What became of it.
    package struct Results: Sendable, Hashable {
        /// How many alerts there were of each status.
        package var counts: [String: Int] = [:]
        /// The first `Limits.entries` of them.
        package var entries: [Entry] = []
        package var notes: [String] = []

        package init() {}
    }

    package let id: PayloadID
    package var sourceID: SourceID
    package var receivedAt: Timestamp
    /// The kind of sender as which it was read.
    package var kind: String
    package var contentType: String?
    package var userAgent: String?
    /// Bytes of the whole body.
    package var size: Int
    /// Its first `Limits.body` bytes.
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

    /// What is kept.
    package enum Limits {
        /// Payloads of each source.
        package static let perSource = 20
        /// Bytes of a body.
        package static let body = 64 << 10
        /// Alerts of one payload that are told of one by one.
        package static let entries = 50
        /// Characters of a header, a note or a reason.
        package static let text = 300
    }
}
