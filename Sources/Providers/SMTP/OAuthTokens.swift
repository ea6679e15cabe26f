package import Domain
internal import Foundation

/// How to get access tokens for a mail server that accepts no passwords, like Exchange Online and Gmail.
package struct OAuthSettings: Sendable {
    /// Where tokens are given out (RFC 6749, 3.2).
    package var tokenURL: String
    package var clientID: String
    package var clientSecret: Secret?
    /// Nil uses the client's own credentials (RFC 6749, 4.4).
    package var refreshToken: Secret?
    package var scope: String?

    package init(
        tokenURL: String, clientID: String, clientSecret: Secret? = nil, refreshToken: Secret? = nil,
        scope: String? = nil
    ) {
        self.tokenURL = tokenURL
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.refreshToken = refreshToken
        self.scope = scope
    }

    /// What an answer must not repeat.
    var secrets: [String] { [clientSecret, refreshToken].compactMap { $0?.reveal() } }
}

/// Gets access tokens and keeps each until shortly before it expires.
actor OAuthTokens {
    /// A token, or why there is none.
    enum Answer: Sendable {
        case token(String, isNew: Bool)
        case none(Receipt)
    }

    /// A token is replaced this long before it expires.
    private static let margin: Duration = .seconds(60)

    private let settings: OAuthSettings
    private let client = CurlClient()
    private let time: TimeSource
    private var known: (token: String, until: Duration)?

    init(_ settings: OAuthSettings, time: TimeSource) {
        self.settings = settings
        self.time = time
    }

    /// Forgets a token that the mail server refused.
    func forget() { known = nil }

    func token() async -> Answer {
        if let known, known.until > time.monotonic() { return .token(known.token, isNew: false) }
        let request = CurlRequest(
            url: settings.tokenURL,
            kind: .http(
                method: "POST", headers: [("Content-Type", "application/x-www-form-urlencoded")], body: body),
            timeout: .seconds(10), responseLimit: 1 << 16)
        do {
            return read(VendorAnswer(try await client.perform(request), retryAfter: nil))
        } catch {
            let fault = Fault(.transient, "The server for access tokens: \(error)").redacted(settings.secrets)
            return .none(.temporary(fault, retryAfter: nil))
        }
    }

    private var body: [UInt8] {
        var fields = [(name: "client_id", value: settings.clientID)]
        if let secret = settings.clientSecret { fields.append((name: "client_secret", value: secret.reveal())) }
        if let scope = settings.scope { fields.append((name: "scope", value: scope)) }
        if let token = settings.refreshToken {
            fields += [(name: "grant_type", value: "refresh_token"), (name: "refresh_token", value: token.reveal())]
        } else {
            fields.append((name: "grant_type", value: "client_credentials"))
        }
        return RequestBody.form(fields)
    }

    private func read(_ answer: VendorAnswer) -> Answer {
        guard answer.status == 200, let token = answer.string("access_token"), !token.isEmpty else {
            let words = [answer.string("error"), answer.string("error_description")].compactMap(\.self)
                .joined(separator: ": ")
            let isTheirs = answer.status == 429 || answer.status >= 500
            let fault = Fault(
                isTheirs ? .transient : .account,
                "No access token for the mail server (\(answer.status)\(words.isEmpty ? "" : ": \(words.prefix(200))")). "
                    + "Check SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET and SMTP_OAUTH_REFRESH_TOKEN."
            ).redacted(settings.secrets)
            return .none(isTheirs ? .temporary(fault, retryAfter: nil) : .permanent(fault))
        }
        let seconds = VendorAnswer.seconds(answer.json["expires_in"]) ?? .minutes(5)
        known = (token, time.monotonic() + max(seconds - OAuthTokens.margin, .zero))
        return .token(token, isNew: true)
    }
}

extension Fault {
    /// The same fault without secrets.
    fileprivate func redacted(_ secrets: [String]) -> Fault {
        guard case .permanent(let fault) = Receipt.permanent(self).redacting(secrets) else { return self }
        return fault
    }
}
