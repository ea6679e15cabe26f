internal import Crypto
package import Domain
internal import Foundation

/// Signs requests to push services, so that they know who sends (VAPID, RFC 8292).
package struct PushSignature: Sendable {
    /// How long a signature is good. At most a day is allowed.
    private static let lifetime: Duration = .hours(12)

    private let key: P256.Signing.PrivateKey
    /// Whom the push service's operator may ask: PagerPal's address.
    private let contact: String

    /// - Parameter secret: `SECRET_KEY`. With another one, browsers have to subscribe again.
    package init(secret: Secret, contact: String) {
        self.contact = contact
        var (key, count) = (P256.Signing.PrivateKey?.none, 0)
        // Nearly every number is a key.
        while key == nil {
            let number = SHA256.hash(data: Data("web push \(count):\(secret.reveal())".utf8))
            key = try? P256.Signing.PrivateKey(rawRepresentation: Data(number))
            count += 1
        }
        self.key = key ?? P256.Signing.PrivateKey()
    }

    /// What a browser needs to subscribe: the public key in base64url.
    package var publicKey: String { key.publicKey.x963Representation.base64URL }

    /// Returns the header `Authorization` of a request to a push service.
    func authorization(for endpoint: String, at now: Timestamp) -> String {
        let origin = endpoint.prefix(8) + endpoint.dropFirst(8).prefix { $0 != "/" && $0 != "?" }
        let head = RequestBody.json(["typ": "JWT", "alg": "ES256"])
        let claims = RequestBody.json([
            "aud": String(origin), "exp": Int((now + PushSignature.lifetime).seconds), "sub": contact,
        ])
        let text = "\(Data(head).base64URL).\(Data(claims).base64URL)"
        let signature = (try? key.signature(for: Data(text.utf8)))?.rawRepresentation.base64URL ?? ""
        return "vapid t=\(text).\(signature), k=\(publicKey)"
    }
}
