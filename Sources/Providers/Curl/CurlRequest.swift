/// One transfer that is asked of libcurl.
package struct CurlRequest: Sendable {
    package enum Kind: Sendable {
        case http(method: String, headers: [(name: String, value: String)], body: [UInt8]?)
        case mail(from: String, to: String, message: [UInt8], login: Login?, tls: MailTLS)
    }

    /// How the connection to a mail server is protected.
    package enum MailTLS: String, Sendable, CaseIterable {
        /// TLS from the first byte (RFC 8314).
        case tls
        /// Plain first, then STARTTLS, which must succeed.
        case starttls
        /// Never, for a relay on the same host.
        case none
    }

    /// A name and a password for a mail server.
    package struct Login: Sendable {
        let user: String
        let password: String
    }

    /// Which addresses a host name may stand for.
    package enum Reach: Sendable {
        /// For addresses that the operator configured.
        case anywhere
        /// For addresses that users type: never this host or its network.
        case publicOnly
    }

    package var url: String
    package var kind: Kind
    package var reach: Reach
    /// For the whole transfer.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// Bytes of an answer; a longer one is an error. With 0 only the status counts, and the body is not read.
    package var responseLimit: Int
    /// A file with certificates to trust instead of the system's.
    package var certificates: String?
    /// Whether the end of the caller's task ends the transfer. A page that is leaving is better finished: otherwise
    /// nobody knows whether it left.
    package var isCancellable: Bool
    /// Asked on libcurl's thread once the connection is made, right before the request is written, and for a mail once
    /// more before its first byte. False ends the transfer as `.notStarted`. Connecting may take seconds, and a process
    /// may be stopped for hours.
    package var mayStart: (@Sendable () -> Bool)?

    package init(
        url: String, kind: Kind, reach: Reach = .anywhere, timeout: Duration = .seconds(15),
        connectTimeout: Duration = .seconds(5), responseLimit: Int = 1 << 20, certificates: String? = nil,
        isCancellable: Bool = true, mayStart: (@Sendable () -> Bool)? = nil
    ) {
        self.url = url
        self.kind = kind
        self.reach = reach
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.responseLimit = responseLimit
        self.certificates = certificates
        self.isCancellable = isCancellable
        self.mayStart = mayStart
    }
}

/// What came back.
package struct CurlResponse: Sendable {
    /// HTTP's status or SMTP's last reply code.
    package var status: Int
    /// Header names are lower-case. For mail the server's replies are in `lines`.
    package var headers: [String: String]
    package var lines: [String]
    package var body: [UInt8]
    /// 0 when a connection was used again.
    package var newConnections: Int
    package var duration: Duration
}

/// Why there is no answer, as a sentence that holds no secret.
package enum CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    case nameNotResolved(String)
    case notConnected(String)
    case tlsFailed(String)
    /// TLS can't come about with these settings: a certificate that nobody vouches for, a server without STARTTLS, or
    /// one that does not speak TLS on this port. Another try changes nothing.
    case tlsImpossible(String)
    /// Nothing had been written yet: another try can't double anything.
    case timedOutBeforeSending(String)
    /// The request had been written, wholly or in part: the other side may have acted on it.
    case lostAfterSending(String)
    /// An HTTP status that was not wanted.
    case refused(status: Int, reply: String)
    case mailRefused(MailRefusal)
    /// The mail server offers no way to sign in that libcurl knows; with the ways that it does offer.
    case loginNotPossible(offered: String)
    case addressNotAllowed
    case answerTooLong
    case cancelled
    /// `mayStart` said no: nothing was sent.
    case notStarted
    case other(String)

    package var description: String {
        switch self {
        case .nameNotResolved(let why): "The host name could not be resolved: \(why)."
        case .notConnected(let why): "No connection could be made: \(why)."
        case .tlsFailed(let why), .tlsImpossible(let why): "The TLS connection failed: \(why)."
        case .timedOutBeforeSending(let why): "It took too long, and nothing was sent: \(why)."
        case .lostAfterSending(let why):
            "The connection ended after the message was sent, so it may have arrived: \(why)."
        case .refused(let status, let reply): "The server refused with \(status): \(reply)."
        case .mailRefused(let refusal): "The server refused with \(refusal.status): \(refusal.text)."
        case .loginNotPossible(let offered): "The server offers other ways to sign in: \(offered)."
        case .addressNotAllowed: "The address belongs to a private network, which is not allowed here."
        case .answerTooLong: "The answer is longer than allowed."
        case .cancelled: "It was cancelled."
        case .notStarted: "It was no longer wanted when the connection was made, so nothing was sent."
        case .other(let why): "The transfer failed: \(why)."
        }
    }
}
