internal import Crypto
package import Domain
internal import Foundation

/// Encrypts secrets that have to be read again, with a key made from `SECRET_KEY`. A copy of the database alone does not
/// reveal them.
package struct SecretSeal: Sendable {
    private let key: SymmetricKey

    package init(secret: Secret) {
        key = SymmetricKey(data: SHA256.hash(data: Data("second factors:\(secret.reveal())".utf8)))
    }

    /// - Parameter owner: what the secret belongs to. It can't be opened for another one.
    package func seal(_ bytes: [UInt8], of owner: String) throws -> String {
        let box = try ChaChaPoly.seal(bytes, using: key, authenticating: Data(owner.utf8))
        return box.combined.base64EncodedString()
    }

    /// Returns nil if the text was sealed with another key or for another owner.
    package func open(_ text: String, of owner: String) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), let box = try? ChaChaPoly.SealedBox(combined: data),
            let bytes = try? ChaChaPoly.open(box, using: key, authenticating: Data(owner.utf8))
        else { return nil }
        return Array(bytes)
    }
}
