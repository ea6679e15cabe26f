internal import Domain

/// Generates a random key of 32 letters and digits: 190 bits.
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
