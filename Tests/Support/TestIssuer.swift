import Crypto
import CryptoExtras
import Foundation

/// Signs ID tokens as a provider of OpenID Connect does, with keys that can be changed.
package struct TestIssuer: Sendable {
    package enum Algorithm: String, Sendable {
        case rs256 = "RS256"
        case es256 = "ES256"
        case edDSA = "EdDSA"
        case hs256 = "HS256"
        case unsigned = "none"
    }

    package let name: String
    private let elliptic = P256.Signing.PrivateKey()
    private let edwards = Curve25519.Signing.PrivateKey()
    private let rsa: _RSA.Signing.PrivateKey

    /// Creating an RSA key is slow, so all issuers share one.
    private static let shared = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    /// - Parameter name: begins the ids of the keys.
    package init(_ name: String) throws {
        self.name = name
        rsa = try TestIssuer.shared.get()
    }

    /// The key set as JSON.
    package func keySet() throws -> String {
        let point = elliptic.publicKey.rawRepresentation
        let primitives = try rsa.publicKey.getKeyPrimitives()
        return """
            {"keys": [
              {"kty": "EC", "crv": "P-256", "kid": "\(name)-ES256", "x": "\(encoded(point.prefix(32)))",
               "y": "\(encoded(point.suffix(32)))", "use": "sig"},
              {"kty": "OKP", "crv": "Ed25519", "kid": "\(name)-EdDSA", "x": "\(encoded(edwards.publicKey.rawRepresentation))"},
              {"kty": "RSA", "kid": "\(name)-RS256", "n": "\(encoded(primitives.modulus))",
               "e": "\(encoded(primitives.publicExponent))", "alg": "RS256"},
              {"kty": "oct", "kid": "\(name)-HS256", "k": "c2VjcmV0"}
            ]}
            """
    }

    /// - Parameter claims: JSON.
    package func token(_ claims: String, _ algorithm: Algorithm = .es256) throws -> String {
        let header = #"{"alg": "\#(algorithm.rawValue)", "kid": "\#(name)-\#(algorithm.rawValue)"}"#
        let signed = "\(encoded(Data(header.utf8))).\(encoded(Data(claims.utf8)))"
        let data = Data(signed.utf8)
        let signature =
            switch algorithm {
            case .es256: try elliptic.signature(for: data).rawRepresentation
            case .edDSA: try edwards.signature(for: data)
            case .rs256:
                try rsa.signature(for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation
            case .hs256:
                // As attackers do who hope that the public key is taken for the secret.
                Data(HMAC<SHA256>.authenticationCode(for: data, using: SymmetricKey(data: Data("secret".utf8))))
            case .unsigned: Data()
            }
        return "\(signed).\(encoded(signature))"
    }
}

private func encoded(_ bytes: some Sequence<UInt8>) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
}
