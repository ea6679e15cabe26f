internal import Crypto
package import Domain
internal import Formats
internal import Foundation
package import Providers

/// A company's sign-in service that speaks OpenID Connect: discovery, the code flow with PKCE, and its keys.
package actor IdentityProvider {
    /// Why a sign-in could not be begun or completed. The text is for the log.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    package typealias Send = @Sendable (CurlRequest) async throws -> CurlResponse

    private struct Endpoints {
        var authorization: String
        var token: String
        var keys: String
        var acceptsBasic: Bool
        /// Whether its answers name it (RFC 9207, 3).
        var namesItself: Bool
    }

    package nonisolated let settings: Settings
    private let send: Send
    private let time: TimeSource
    private var endpoints: (value: Endpoints, at: Duration)?
    private var keys: (value: SigningKeys, at: Duration)?

    package init(settings: Settings, time: TimeSource, send: @escaping Send) {
        self.settings = settings
        self.time = time
        self.send = send
    }

    /// Returns the address at the provider to which a browser goes.
    ///
    /// - Parameters:
    ///   - redirect: where it comes back.
    ///   - again: whether the person must prove who it is, also if the provider knows the browser.
    package func address(
        state: String, nonce: String, verifier: String, redirect: String, again: Bool = false
    ) async throws -> String {
        let challenge = base64URLText(SHA256.hash(data: Data(verifier.utf8)))
        var fields = [
            ("response_type", "code"), ("client_id", settings.client), ("redirect_uri", redirect),
            ("scope", settings.scopes), ("state", state), ("nonce", nonce), ("code_challenge", challenge),
            ("code_challenge_method", "S256"),
        ]
        // Some providers refuse prompt=login, which would say the same (Core 1.0, 3.1.2.1).
        if again { fields.append(("max_age", "0")) }
        let query = form(fields)
        let address = try await find().authorization
        return "\(address)\(address.contains("?") ? "&" : "?")\(query)"
    }

    /// Whether an answer is this provider's, as far as its `iss` tells (RFC 9207, 2.4).
    ///
    /// A provider of `OIDC_PROVIDERS` that promises an `iss` must send it. The one of `OIDC_ISSUER` may leave it out, since some
    /// providers can be told to for one client, and installations rely on it.
    package func isOwn(issuer: String?) async throws -> Bool {
        if let issuer { return issuer == settings.issuer }
        return settings.id == nil ? true : try await !find().namesItself
    }

    /// Asks the provider for its endpoints and keys, as `pagerpal doctor` does.
    ///
    /// - Throws: ``Failure``
    package func check() async throws { _ = try await signingKeys(within: .zero) }

    /// Exchanges the code that a browser brought for a token, and checks it.
    package func token(code: String, nonce: String, verifier: String, redirect: String) async throws -> IdentityToken {
        let endpoints = try await find()
        var fields = [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", verifier),
        ]
        var headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"),
            (name: "Accept", value: "application/json"),
        ]
        if endpoints.acceptsBasic {
            let pair = "\(encoded(settings.client)):\(encoded(settings.secret.reveal()))"
            headers.append((name: "Authorization", value: "Basic \(Data(pair.utf8).base64EncodedString())"))
        } else {
            fields += [("client_id", settings.client), ("client_secret", settings.secret.reveal())]
        }
        let answer = try await json(
            CurlRequest(
                url: endpoints.token, kind: .http(method: "POST", headers: headers, body: Array(form(fields).utf8)),
                timeout: .seconds(10), responseLimit: 1 << 18))
        guard let text = answer["id_token"]?.text else { throw Failure(description: "the answer has no ID token") }
        let expected = IdentityToken.Expectation(
            issuer: settings.issuer, client: settings.client, nonce: nonce, groups: settings.groupsClaim,
            now: time.now().seconds)
        do {
            return try IdentityToken(text, keys: try await signingKeys(within: .minutes(60)), as: expected)
        } catch is SigningKeys.Unknown {
            // The provider has changed its keys. They are fetched again once a minute at most.
            let fresh = try await signingKeys(within: .minutes(1))
            do { return try IdentityToken(text, keys: fresh, as: expected) } catch is SigningKeys.Unknown {
                throw Failure(description: "the token is signed by a key that the provider does not publish")
            }
        }
    }

    private func find() async throws -> Endpoints {
        if let endpoints, time.monotonic() - endpoints.at < .minutes(60) { return endpoints.value }
        let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
        let found = try await json(get("\(base)/.well-known/openid-configuration"))
        guard found["issuer"]?.text == settings.issuer else {
            throw Failure(
                description:
                    "discovery names the issuer \(found["issuer"]?.text?.prefix(200) ?? "nobody"), "
                    + "not that of \(settings.variable("OIDC_ISSUER"))")
        }
        guard let authorization = address(found["authorization_endpoint"]),
            let token = address(found["token_endpoint"]),
            let keys = address(found["jwks_uri"])
        else { throw Failure(description: "discovery lacks an endpoint, or one that is not https") }
        let ways = found["token_endpoint_auth_methods_supported"]?.array?.compactMap(\.text)
        let value = Endpoints(
            authorization: authorization, token: token, keys: keys,
            acceptsBasic: ways.map { $0.contains("client_secret_basic") } ?? true,
            namesItself: found["authorization_response_iss_parameter_supported"]?.boolean ?? false)
        endpoints = (value, time.monotonic())
        return value
    }

    /// An endpoint, with TLS unless the issuer has none either, as in a test.
    private func address(_ json: JSON?) -> String? {
        guard let text = json?.text, text.utf8.count <= 2_000,
            text.hasPrefix("https://") || (settings.issuer.hasPrefix("http://") && text.hasPrefix("http://"))
        else { return nil }
        return text
    }

    private func signingKeys(within age: Duration) async throws -> SigningKeys {
        if let keys, time.monotonic() - keys.at < age { return keys.value }
        let value = SigningKeys(try await json(get(try await find().keys)))
        guard !value.isEmpty else { throw Failure(description: "the provider publishes no key that can be used") }
        keys = (value, time.monotonic())
        return value
    }

    private func get(_ url: String) -> CurlRequest {
        CurlRequest(
            url: url, kind: .http(method: "GET", headers: [(name: "Accept", value: "application/json")], body: nil),
            timeout: .seconds(10), responseLimit: 1 << 18)
    }

    private func json(_ request: CurlRequest) async throws -> JSON {
        let response: CurlResponse
        do { response = try await send(request) } catch {
            throw Failure(description: "the provider can't be reached: \(error)")
        }
        guard response.status == 200, let json = try? JSONParser.parse(response.body), json.object != nil else {
            throw Failure(description: "the provider answered \(response.status), or not with JSON")
        }
        return json
    }
}

private func form(_ fields: [(String, String)]) -> String {
    fields.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
}

private func encoded(_ text: String) -> String {
    var allowed = CharacterSet.alphanumerics
    allowed.formIntersection(CharacterSet(charactersIn: Unicode.Scalar(0)...Unicode.Scalar(127)))
    allowed.insert(charactersIn: "-._~")
    return text.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
}
