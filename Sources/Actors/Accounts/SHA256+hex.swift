internal import Crypto

/// The SHA-256 of a key as lower-case hex: all that is kept of it. Keys are random and long, so no salt is needed.
package func sha256(_ key: String) -> String {
    SHA256.hash(data: Array(key.utf8)).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
