package import Domain

extension AlertSource {
    /// Stores only the key's hash and its first characters.
    package mutating func setKey(_ key: String) {
        keyHash = sha256(key)
        keyHint = String(key.prefix(4))
    }

    /// The key as web pages and API responses show it.
    package var maskedKey: String { keyHint + "••••••••" }
}
