package import Domain

/// The body and metadata of a webhook request.
package struct Payload: Sendable {
    /// Decompressed and at most `Limits.body` long. The code that reads the request ensures both.
    package var body: [UInt8]
    /// Only a hint: many senders get it wrong, so the content decides.
    package var contentType: String?
    /// Names are in lower case.
    package var headers: [String: String]
    /// The parameters of the URL's query, without the source's key.
    package var query: [String: String]
    /// Parameters from the route's path, for senders that put some there: Opsgenie's `identifier` and `action`.
    package var parameters: [String: String]
    /// Unique among payloads. It is the base of dedup keys for senders whose every event is a new problem.
    package var id: String
    /// By PagerPal's own clock.
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
        /// Bytes of the body.
        package static let body = 1 << 20
        /// Alerts of one payload.
        package static let events = 5_000
        /// Fields of a form or multipart body.
        package static let fields = 500
    }

    /// Returns a dedup key that no other payload has.
    var uniqueKey: DedupKey {
        DedupKey(derivedFrom: [id, String(receivedAt.microseconds), String(decoding: body, as: UTF8.self)])
    }
}
