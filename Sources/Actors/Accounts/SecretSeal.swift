internal import Crypto
package import Domain
internal import Foundation

/// Encrypts secrets that have to be read again, with a key made from `SECRET_KEY`. A copy of the database alone does not
/// reveal them.
package struct SecretSeal: Sendable {
    /// The one that seals first.
    private let keys: [SymmetricKey]

    package init(secrets: SecretKeys) {
        keys = secrets.all.map { SymmetricKey(data: SHA256.hash(data: Data("second factors:\($0.reveal())".utf8))) }
    }

    /// - Parameter owner: what the secret belongs to. It can't be opened for another one.
    package func seal(_ bytes: [UInt8], of owner: String) throws -> String {
        let box = try ChaChaPoly.seal(bytes, using: keys[0], authenticating: Data(owner.utf8))
        return box.combined.base64EncodedString()
    }

    /// Returns nil if the text was sealed with a key that doesn't count any more, or for another owner.
    package func open(_ text: String, of owner: String) -> [UInt8]? {
        keys.lazy.compactMap { open(text, of: owner, $0) }.first
    }

    /// Returns the text sealed with the present key, or nil if it is, or if it can't be opened.
    package func renewed(_ text: String, of owner: String) throws -> String? {
        guard open(text, of: owner, keys[0]) == nil, let bytes = open(text, of: owner) else { return nil }
        return try seal(bytes, of: owner)
    }

    private func open(_ text: String, of owner: String, _ key: SymmetricKey) -> [UInt8]? {
        guard let data = Data(base64Encoded: text), let box = try? ChaChaPoly.SealedBox(combined: data),
            let bytes = try? ChaChaPoly.open(box, using: key, authenticating: Data(owner.utf8))
        else { return nil }
        return Array(bytes)
    }
}
