import Actors
import Domain
import Foundation
import Providers
import Synchronization
import TestSupport
import Testing
import Transport

@testable import App

/// A provider that answers as a test wants.
final class CompanyProvider: Sendable {
    struct State {
        var signer: TestIssuer
        /// JSON values in place of the usual claims.
        var claims: [String: String] = [:]
        var nonce = ""
        /// The bodies that came with codes.
        var codes: [String] = []
    }

    let host: String
    let state: Mutex<State>
    private let keys: TestIssuer
    private let time: ManualTime

    init(_ host: String, _ time: ManualTime) throws {
        self.host = host
        self.time = time
        keys = try TestIssuer("key")
        state = Mutex(State(signer: keys))
    }

    var key: TestIssuer { keys }

    func answer(_ path: String, _ body: String) throws -> String {
        let now = time.now.seconds
        return try state.withLock { state in
            switch path {
            case "/.well-known/openid-configuration":
                return """
                    {"issuer": "https://\(host)", "authorization_endpoint": "https://\(host)/in",
                     "token_endpoint": "https://\(host)/token", "jwks_uri": "https://\(host)/keys",
                     "authorization_response_iss_parameter_supported": true}
                    """
            case "/keys": return try keys.keySet()
            case "/token":
                state.codes.append(body)
                var claims = [
                    "iss": "\"https://\(host)\"", "aud": #""pagerpal""#, "sub": #""u-17""#, "iat": "\(now)",
                    "exp": "\(now + 300)", "email": #""ada@example.com""#, "email_verified": "true",
                    "name": #""Somebody""#, "nonce": "\"\(state.nonce)\"",
                ]
                claims.merge(state.claims) { $1 }
                let text = claims.map { "\"\($0.key)\": \($0.value)" }.joined(separator: ", ")
                let token = try state.signer.token("{\(text)}")
                return #"{"id_token": "\#(token)"}"#
            default: return "{}"
            }
        }
    }
}

/// Corp is the older one and partner the younger, with a name of its own.
struct CompanyPair: Sendable {
    let corp: CompanyProvider
    let partner: CompanyProvider
    /// Where corp's sign-in begins.
    let start: String

    func send(_ request: CurlRequest) throws -> CurlResponse {
        guard case .http(_, _, let bytes) = request.kind, let url = URL(string: request.url),
            let provider = [corp, partner].first(where: { $0.host == url.host() })
        else { throw CurlError.cancelled }
        let answer = try provider.answer(url.path(), String(decoding: bytes ?? [], as: UTF8.self))
        return CurlResponse(
            status: 200, headers: [:], lines: [], body: Array(answer.utf8), newConnections: 1, duration: .zero)
    }

    var codes: [String] { [corp, partner].flatMap { $0.state.withLock { $0.codes } } }

    func provider(_ address: String) throws -> CompanyProvider {
        try #require([corp, partner].first { address.hasPrefix("https://\($0.host)/in?") }, "\(address)")
    }
}

extension CompanyPair {
    /// Where partner's sign-in begins.
    static let partnerStart = "/login/company/partner"

    /// - Parameters:
    ///   - corpID: corp's name in `OIDC_PROVIDERS`. Nil makes it the provider of `OIDC_ISSUER`.
    ///   - domains: those for which partner speaks.
    static func run(
        _ kind: TestDatabase = .sqliteMemory, corpID: String? = "corp", domains: Set<String>? = nil,
        settings change: @escaping @Sendable (inout Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (TestApp, CompanyPair) async throws -> Void
    ) async throws {
        let time = ManualTime()
        let pair = CompanyPair(
            corp: try CompanyProvider("login.corp.example", time),
            partner: try CompanyProvider("login.partner.example", time),
            start: corpID.map { "/login/company/\($0)" } ?? "/login/company")
        var corp = IdentityProvider.Settings(
            id: corpID, issuer: "https://login.corp.example", client: "pagerpal", secret: Secret("s-corp"))
        corp.name = "Corp"
        var partner = IdentityProvider.Settings(
            id: "partner", issuer: "https://login.partner.example", client: "pagerpal", secret: Secret("s-partner"))
        partner.name = "Partner"
        partner.domains = domains
        partner.createsUsers = true
        let companies = [corp, partner]
        try await TestApp.run(
            kind, time: time,
            settings: { settings in
                settings.companies = companies
                settings.companySend = { try pair.send($0) }
                change(&settings)
            }
        ) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            try await body(app, pair)
        }
    }

    /// Goes to a provider and comes back.
    ///
    /// - Parameters:
    ///   - back: the address to which the browser comes, in place of the right one.
    ///   - iss: in place of the right one. An empty text leaves it out.
    /// - Returns: the address to which the provider is asked to send the browser.
    @discardableResult
    static func signIn(
        _ browser: Browser, _ pair: CompanyPair, from start: String, back: String? = nil, iss: String? = nil
    ) async throws -> String {
        let query = start.contains("?") ? "" : "?next=/incidents"
        _ = try await browser.request("GET", start + query, redirects: 0)
        let address = try #require(await browser.headers["location"])
        let provider = try pair.provider(address)
        let items = URLComponents(string: address)?.queryItems ?? []
        let asked = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        provider.state.withLock { $0.nonce = asked["nonce"] ?? "" }
        let issuer = iss ?? "https://\(provider.host)"
        let named = issuer.isEmpty ? "" : "&iss=\(issuer)"
        let path = back ?? String(start.prefix { $0 != "?" }) + "/back"
        try await browser.visit("\(path)?code=c-1&state=\(asked["state"] ?? "")\(named)")
        return asked["redirect_uri"] ?? ""
    }

    static func claim(_ provider: CompanyProvider, _ claims: [String: String]) {
        provider.state.withLock { $0.claims = claims }
    }
}
