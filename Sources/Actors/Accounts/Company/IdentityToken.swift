internal import Crypto
internal import CryptoExtras
internal import Formats
internal import Foundation

/// An ID token of OpenID Connect: what a provider says about somebody who signed in there (Core 1.0, 2).
package struct IdentityToken: Sendable, Hashable {
    /// Why a token is refused. The text contains nothing secret.
    package struct Fault: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// What a token must say.
    package struct Expectation: Sendable {
        package var issuer: String
        package var client: String
        package var nonce: String
        /// The claim that lists the groups.
        package var groups: String
        /// Seconds since 1970.
        package var now: Int64

        package init(issuer: String, client: String, nonce: String, groups: String = "groups", now: Int64) {
            self.issuer = issuer
            self.client = client
            self.nonce = nonce
            self.groups = groups
            self.now = now
        }
    }

    package enum Limits {
        package static let bytes = 32_768
        /// How far the clocks may differ, in seconds.
        static let skew: Int64 = 120
        /// The oldest token in seconds. It was made for this sign-in.
        static let age: Int64 = 900
        static let groups = 1_000
    }

    /// What identifies the person at the provider for ever.
    package let subject: String
    package let email: String?
    package let isEmailVerified: Bool
    package let name: String?
    package let groups: [String]
    /// When the person signed in there, in seconds since 1970, if the provider says so.
    package let authenticatedAt: Int64?

    /// Reads a token and checks its signature and everything that it says about itself.
    ///
    /// - Throws: `SigningKeys.Unknown` if the keys lack the one that signed it, as after a rotation.
    package init(_ text: String, keys: SigningKeys, as expected: Expectation) throws {
        guard text.utf8.count <= Limits.bytes else { throw Fault(description: "the token is too long") }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let header = IdentityToken.json(parts[0]), let claims = IdentityToken.json(parts[1]),
            let signature = base64URL(parts[2])
        else { throw Fault(description: "it is not a signed token") }
        guard header["crit"] == nil else { throw Fault(description: "it has critical extensions") }
        let signed = Data("\(parts[0]).\(parts[1])".utf8)
        guard
            try keys.areRight(
                signature, of: signed, algorithm: header["alg"]?.text ?? "none", key: header["kid"]?.text)
        else { throw Fault(description: "its signature is wrong") }
        try IdentityToken.check(claims, expected)
        guard let subject = claims["sub"]?.text, !subject.isEmpty, subject.utf8.count <= 255 else {
            throw Fault(description: "it names nobody")
        }
        self.subject = subject
        email = claims["email"]?.text
        isEmailVerified = claims["email_verified"]?.boolean ?? false
        name = claims["name"]?.text
        authenticatedAt = claims["auth_time"]?.seconds
        let listed = claims[expected.groups]
        groups = listed?.array.map { $0.prefix(Limits.groups).compactMap(\.text) } ?? listed?.text.map { [$0] } ?? []
    }

    private static func check(_ claims: JSON, _ expected: Expectation) throws(Fault) {
        guard claims["iss"]?.text == expected.issuer else { throw Fault(description: "another issuer made it") }
        let audience = claims["aud"]?.array?.compactMap(\.text) ?? claims["aud"]?.text.map { [$0] } ?? []
        guard audience.contains(expected.client) else { throw Fault(description: "it is for another client") }
        if audience.count > 1 || claims["azp"] != nil, claims["azp"]?.text != expected.client {
            throw Fault(description: "it was given to another client")
        }
        guard let end = claims["exp"]?.seconds, end + Limits.skew > expected.now else {
            throw Fault(description: "it has expired")
        }
        guard let start = claims["iat"]?.seconds, start - Limits.skew <= expected.now,
            expected.now - start <= Limits.age
        else { throw Fault(description: "it was made at another time") }
        if let earliest = claims["nbf"]?.seconds, earliest - Limits.skew > expected.now {
            throw Fault(description: "it does not count yet")
        }
        guard let nonce = claims["nonce"]?.text, isSameText(nonce, expected.nonce) else {
            throw Fault(description: "it belongs to another sign-in")
        }
    }

    private static func json(_ part: Substring) -> JSON? {
        guard let bytes = base64URL(part), let json = try? JSONParser.parse(Array(bytes)), json.object != nil else {
            return nil
        }
        return json
    }
}

extension JSON {
    /// A number of seconds since 1970, without a fraction, if it is one before the year 2200.
    fileprivate var seconds: Int64? {
        guard let whole = text?.prefix(while: { $0 != "." }), let number = Int64(whole), (0..<7_258_118_400) ~= number
        else { return nil }
        return number
    }
}

/// The keys with which a provider signs (RFC 7517).
package struct SigningKeys: Sendable {
    /// The key that signed a token is not among them.
    package struct Unknown: Error {}

    private enum Key: Sendable {
        case rsa(modulus: Data, exponent: Data)
        case p256(x963: Data)
        case ed25519(Data)
    }

    private var keys: [(name: String?, key: Key)] = []

    /// - Parameter json: a key set. Keys of unknown kinds and those for encryption are ignored.
    init(_ json: JSON) {
        for item in (json["keys"]?.array ?? []).prefix(100) {
            guard (item["use"]?.text ?? "sig") == "sig", let key = SigningKeys.key(item) else { continue }
            keys.append((item["kid"]?.text, key))
        }
    }

    package var isEmpty: Bool { keys.isEmpty }

    private static func key(_ item: JSON) -> Key? {
        func bytes(_ name: String, _ lengths: ClosedRange<Int>) -> Data? {
            (item[name]?.text).flatMap { base64URL($0[...]) }.flatMap { lengths ~= $0.count ? $0 : nil }
        }
        switch (item["kty"]?.text, item["crv"]?.text) {
        case ("RSA", _):
            // 2048 to 8192 bits.
            guard let modulus = bytes("n", 256...1_025), let exponent = bytes("e", 1...8) else { return nil }
            return .rsa(modulus: modulus, exponent: exponent)
        case ("EC", "P-256"):
            guard let x = bytes("x", 32...32), let y = bytes("y", 32...32) else { return nil }
            return .p256(x963: Data([4]) + x + y)
        case ("OKP", "Ed25519"): return bytes("x", 32...32).map { .ed25519($0) }
        default: return nil
        }
    }

    /// Checks a signature with the named key, or with each that fits if the token names none. The algorithm must fit the kind
    /// of the key, so neither `none` nor an HMAC with a public key counts.
    func areRight(_ signature: Data, of data: Data, algorithm: String, key name: String?) throws -> Bool {
        guard ["RS256", "PS256", "ES256", "EdDSA"].contains(algorithm) else {
            throw IdentityToken.Fault(description: "it is signed by \(algorithm.prefix(20)), which is not accepted")
        }
        let named = keys.filter { name == nil || $0.name == name }
        guard !named.isEmpty else { throw Unknown() }
        return named.contains { isRight(signature, of: data, algorithm: algorithm, $0.key) }
    }

    private func isRight(_ signature: Data, of data: Data, algorithm: String, _ key: Key) -> Bool {
        switch (algorithm, key) {
        case ("RS256", .rsa(let modulus, let exponent)), ("PS256", .rsa(let modulus, let exponent)):
            guard let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent) else { return false }
            return key.isValidSignature(
                .init(rawRepresentation: signature), for: SHA256.hash(data: data),
                padding: algorithm == "RS256" ? .insecurePKCS1v1_5 : .PSS)
        case ("ES256", .p256(let point)):
            guard let key = try? P256.Signing.PublicKey(x963Representation: point),
                let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature)
            else { return false }
            return key.isValidSignature(signature, for: data)
        case ("EdDSA", .ed25519(let bytes)):
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: bytes) else { return false }
            return key.isValidSignature(signature, for: data)
        default: return false
        }
    }
}

/// Reads Base64 with the alphabet for URLs and without padding (RFC 7515, 2).
func base64URL(_ text: Substring) -> Data? {
    guard text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "=") }) else {
        return nil
    }
    let plain = String(text).replacing("-", with: "+").replacing("_", with: "/")
    return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
}

/// Writes Base64 with the alphabet for URLs and without padding.
package func base64URLText(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}

/// Compares in a time that depends on the lengths alone.
func isSameText(_ left: String, _ right: String) -> Bool {
    let (left, right) = (Array(left.utf8), Array(right.utf8))
    return left.count == right.count && zip(left, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
}
