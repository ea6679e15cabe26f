internal import Crypto
package import Domain
internal import Foundation

/// Signs webhooks, so that their receivers know that PagerPal sent them. Each address has a secret of its own.
package struct WebhookSignature: Sendable {
    package static let header = "X-PagerPal-Signature"

    /// That of new signatures first.
    private let keys: [SymmetricKey]

    /// - Parameter secrets: with another one, all addresses have other secrets. Receivers know the old one until they are told.
    package init(secrets: SecretKeys) {
        keys = secrets.all.map { SymmetricKey(data: SHA256.hash(data: Data("webhooks:\($0.reveal())".utf8))) }
    }

    /// Returns the secret that the receiver at an address needs.
    package func secret(for address: String) -> String { secret(for: address, keys[0]) }

    private func secret(for address: String, _ key: SymmetricKey) -> String {
        "whsec_" + Data(HMAC<SHA256>.authenticationCode(for: Data(address.utf8), using: key)).base64URL
    }

    /// Returns `t=1767225600,v1=5257a8…`: the time in seconds, and the HMAC-SHA-256 of the time, a full stop and the
    /// body in lower-case hex. As long as the key before counts, a second `v1` follows.
    func value(for body: [UInt8], to address: String, at now: Timestamp) -> String {
        let proofs = keys.map { key in
            let own = SymmetricKey(data: Data(secret(for: address, key).utf8))
            let code = HMAC<SHA256>.authenticationCode(for: Data("\(now.seconds).".utf8) + Data(body), using: own)
            return ",v1=" + code.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        }
        return "t=\(now.seconds)\(proofs.joined())"
    }
}
