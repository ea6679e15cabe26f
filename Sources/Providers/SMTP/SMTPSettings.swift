package import Domain

/// The mail server through which PagerPal sends.
package struct SMTPSettings: Sendable {
    package var host: String
    package var port: Int
    package var user: String?
    package var password: Secret?
    /// The sender's address, with or without a name: `PagerPal <pager@example.com>`.
    package var from: String
    package var tls: CurlRequest.MailTLS
    package var limits: ProviderLimits
    /// The time limit for a whole mail. Servers that check for spam before they answer can take half a minute.
    package var timeout: Duration
    /// The time limit for connecting and logging in. Some servers delay the greeting; Postfix's postscreen takes 6 s.
    package var connectTimeout: Duration
    /// A file with certificates to trust instead of the system's.
    package var certificates: String?
    /// Where answers to mails go. Nil sends them to `from`.
    package var replyTo: String?
    /// Where to get access tokens instead of a password.
    package var oauth: OAuthSettings?
    /// The name in EHLO. Nil uses the domain of `from`.
    package var ehloName: String?

    /// Five mails a second, with bursts of ten and at most four connections, is safe for any mail provider.
    package static let defaultLimits = ProviderLimits(perSecond: 5, burst: 10, concurrency: 4)

    package init(
        host: String, port: Int, user: String? = nil, password: Secret? = nil, from: String,
        tls: CurlRequest.MailTLS = .starttls, limits: ProviderLimits = defaultLimits, timeout: Duration = .seconds(45),
        connectTimeout: Duration = .seconds(15), certificates: String? = nil,
        replyTo: String? = nil, ehloName: String? = nil, oauth: OAuthSettings? = nil
    ) {
        self.oauth = oauth
        self.host = host
        self.port = port
        self.user = user
        self.password = password
        self.from = from
        self.tls = tls
        self.limits = limits
        self.timeout = timeout
        self.connectTimeout = connectTimeout
        self.certificates = certificates
        self.replyTo = replyTo
        self.ehloName = ehloName
    }
}

/// A mail address that is safe to use in an envelope and a header.
package struct MailAddress: Sendable, Hashable {
    package let name: String
    /// `local@domain` in printable ASCII, without blanks, quotes or brackets.
    package let address: String

    /// Nil when the text is not exactly one address.
    package init?(_ text: String) {
        var name = ""
        var address = text.trimmingBlanks()
        if address.hasSuffix(">"), let open = address.lastIndex(of: "<") {
            name = String(address[..<open]).trimmingBlanks()
            address = String(address[address.index(after: open)...].dropLast())
        }
        if name.hasPrefix("\""), name.hasSuffix("\""), name.count >= 2 { name = String(name.dropFirst().dropLast()) }
        guard name.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else { return nil }
        let sides = address.split(separator: "@", omittingEmptySubsequences: false)
        let isPlain = address.unicodeScalars.allSatisfy {
            $0.value > 32 && $0.value < 127 && !"<>()[]\\,;:\"".unicodeScalars.contains($0)
        }
        guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty, isPlain, address.utf8.count <= 254,
            !sides[1].hasPrefix("."), !sides[1].hasSuffix("."), !sides[1].hasPrefix("-")
        else { return nil }
        self.name = name
        self.address = address
    }

    package var domain: String { String(address.split(separator: "@").last ?? "localhost") }
}
