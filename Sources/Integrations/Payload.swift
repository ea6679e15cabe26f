package import Domain

/// What arrived at a webhook.
package struct Payload: Sendable {
    /// Decompressed, and no longer than `Limits.body`: whoever reads the request sees to both.
    package var body: [UInt8]
    /// Only a hint: many senders write a wrong one, so the content decides.
    package var contentType: String?
    /// Names are lower-case.
    package var headers: [String: String]
    /// What the URL's query says. The source's key has been taken out of it.
    package var query: [String: String]
    /// What the route's path says, for senders that put something there: Opsgenie's `identifier` and `action`.
    package var parameters: [String: String]
    /// Unlike any other payload's: the base of dedup keys for senders whose every event is a new problem.
    package var id: String
    /// By our own clock.
    package var receivedAt: Timestamp

    package init(
        body: [UInt8], contentType: String? = nil, headers: [String: String] = [:], query: [String: String] = [:],
        parameters: [String: String] = [:], id: String = "", receivedAt: Timestamp
    ) {
        self.body = body
        self.contentType = contentType
        self.headers = headers
        self.query = query
        self.parameters = parameters
        self.id = id
        self.receivedAt = receivedAt
    }

    /// The limits of one payload.
    package enum Limits {
        /// Bytes of a body.
        package static let body = 1 << 20
        /// Alerts of one body.
        package static let events = 5_000
        /// Fields of a form or of a multipart body.
        package static let fields = 500
    }

    /// A dedup key that no other payload has.
    var uniqueKey: DedupKey {
        DedupKey(derivedFrom: [id, String(receivedAt.microseconds), String(decoding: body, as: UTF8.self)])
    }
}
