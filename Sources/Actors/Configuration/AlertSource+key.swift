package import Domain

extension AlertSource {
    /// Only the key's hash and its first characters are kept.
    package mutating func setKey(_ key: String) {
        keyHash = sha256(key)
        keyHint = String(key.prefix(4))
    }

    /// The key as pages and answers show it.
    package var maskedKey: String { keyHint + "••••••••" }
}
