package import Domain

/// What arrived at a webhook.
package struct Payload: Sendable {
    package var body: [UInt8]
    package var contentType: String?
    /// Names are lower-case.
    package var headers: [String: String]
    package var query: [String: String]
    package var receivedAt: Timestamp

    package init(
        body: [UInt8], contentType: String? = nil, headers: [String: String] = [:], query: [String: String] = [:],
        receivedAt: Timestamp
    ) {
        self.body = body
        self.contentType = contentType
        self.headers = headers
        self.query = query
        self.receivedAt = receivedAt
    }

    /// The limits of one payload.
    package enum Limits {
        /// Bytes of a body.
        package static let body = 1 << 20
        /// Alerts of one body.
        package static let events = 5_000
    }
}

/// Why a payload can't be used at all.
package enum PayloadError: Error, Sendable, Hashable {
    /// It is not what it says it is: a 400.
    case malformed(String)
    /// It is well-formed and yet says nothing that can be used: a 422 that names the fields.
    case unprocessable([FieldFault])
}

/// What a payload holds. One bad entry of a batch does not lose the good ones.
package struct Decoded: Sendable, Hashable {
    package enum Entry: Sendable, Hashable {
        case event(AlertEvent)
        case rejected([FieldFault])
    }

    package var entries: [Entry]
    /// Whether the sender sent a list and expects one back.
    package var isList: Bool

    package init(entries: [Entry], isList: Bool) {
        self.entries = entries
        self.isList = isList
    }
}
