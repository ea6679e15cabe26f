internal import Crypto
internal import CryptoExtras
internal import Domain
internal import Foundation

/// A random key of 32 letters and digits: 190 bits.
func randomKey() -> String {
    let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789")
    var generator = SystemRandomNumberGenerator()
    return String((0..<32).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] })
}

extension KeyGenerator {
    /// The system's secure random numbers.
    static let system = KeyGenerator(
        key: randomKey,
        random: { range in
            var generator = SystemRandomNumberGenerator()
            return Int.random(in: range, using: &generator)
        })
}

/// Passwords are kept as scrypt hashes (RFC 7914) in the form `scrypt$N$r$p$salt$hash`.
enum Password {
    /// Shorter ones are refused.
    static let shortest = 12

    static func hash(_ password: Secret, rounds: Int = 1 << 15) throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = Data((0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) })
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.reveal().utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: 8,
            parallelism: 1)
        let hash = key.withUnsafeBytes { Data($0) }
        return "scrypt$\(rounds)$8$1$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
    }
}
