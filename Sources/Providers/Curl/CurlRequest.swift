package import Domain

/// A transfer for libcurl to perform.
package struct CurlRequest: Sendable {
    package enum Kind: Sendable {
        case http(method: String, headers: [(name: String, value: String)], body: [UInt8]?)
        case mail(from: String, to: String, message: [UInt8], login: Login?, tls: MailTLS)
    }

    /// How to protect the connection to a mail server.
    package enum MailTLS: String, Sendable, CaseIterable {
        /// TLS from the first byte (RFC 8314).
        case tls
        /// Plain text first, then STARTTLS, which must succeed.
        case starttls
        /// No TLS, for a relay on the same host.
        case none
    }

    /// A name and a password for a mail server, or an access token instead of the password (XOAUTH2).
    package struct Login: Sendable {
        let user: String
        let password: String
        var isToken = false
    }

    /// Which addresses a host name may resolve to.
    package enum Reach: Sendable {
        /// Any address. For addresses that the operator configured.
        case anywhere
        /// Public addresses only. For addresses that users type, which must never reach this host or its network.
        case publicOnly
        /// As `publicOnly`, and these addresses, which the operator allows.
        case publicOr([AddressRange])

        /// Whether a connection to an address is allowed.
        ///
        /// - Parameters:
        ///   - bytes: those of a sockaddr_in or sockaddr_in6.
        ///   - family: AF_INET or AF_INET6.
        func allows(socketAddress bytes: [UInt8], family: Int32) -> Bool {
            switch self {
            case .anywhere: return true
            case .publicOnly: return AddressGuard.isPublic(socketAddress: bytes, family: family)
            case .publicOr(let allowed):
                guard let address = AddressGuard.address(socketAddress: bytes, family: family) else { return false }
                return AddressGuard.isPublic(address) || allowed.contains { $0.contains(address) }
            }
        }
    }

    package var url: String
    package var kind: Kind
    package var reach: Reach
    /// For the whole transfer.
    package var timeout: Duration
    package var connectTimeout: Duration
    /// The maximum number of bytes in an answer; a longer one is an error. With 0 the body is not read, and only the
    /// status counts.
    package var responseLimit: Int
    /// A file with certificates to trust instead of the system's.
    package var certificates: String?
    /// Whether cancelling the caller's task ends the transfer. A page that is being sent should finish; otherwise it is
    /// unknown whether it left.
    package var isCancellable: Bool
    /// Called on libcurl's thread once the connection is open, right before the request is written. For a mail it is
    /// called again before the first byte of content. False ends the transfer as `.notStarted`. Connecting can take
    /// seconds, and a process can be suspended for hours.
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

/// The answer to a transfer.
package struct CurlResponse: Sendable {
    /// The HTTP status or the last SMTP reply code.
    package var status: Int
    /// Header names are in lower case. For mail, the server's replies are in `lines`.
    package var headers: [String: String]
    package var lines: [String]
    package var body: [UInt8]
    /// 0 when an existing connection was reused.
    package var newConnections: Int
    package var duration: Duration

    package init(
        status: Int, headers: [String: String] = [:], lines: [String] = [], body: [UInt8], newConnections: Int = 0,
        duration: Duration = .zero
    ) {
        self.status = status
        self.headers = headers
        self.lines = lines
        self.body = body
        self.newConnections = newConnections
        self.duration = duration
    }
}

/// Why there is no answer. The description contains no secrets.
package enum CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    case nameNotResolved(String)
    case notConnected(String)
    case tlsFailed(String)
    /// TLS is not possible with these settings: the certificate is not trusted, the server lacks STARTTLS, or the port
    /// does not speak TLS. A retry cannot help.
    case tlsImpossible(String)
    /// Nothing had been written yet, so a retry cannot send twice.
    case timedOutBeforeSending(String)
    /// All or part of the request had been written, so the other side may have acted on it.
    case lostAfterSending(String)
    /// An unexpected HTTP status.
    case refused(status: Int, reply: String)
    case mailRefused(MailRefusal)
    /// The mail server offers no login mechanism that libcurl supports. The value lists the ones that it offers.
    case loginNotPossible(offered: String)
    case addressNotAllowed
    case answerTooLong
    case cancelled
    /// `mayStart` returned false. Nothing was sent.
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
