/// Generates keys, tokens and codes: from the system's secure random numbers in production, from a counter in tests.
package struct KeyGenerator: Sendable {
    private let generate: @Sendable () -> String
    private let random: @Sendable (Range<Int>) -> Int

    /// - Parameters:
    /// - key: returns 32 letters and digits.
    /// - random: returns a number in a range.
    package init(key: @escaping @Sendable () -> String, random: @escaping @Sendable (Range<Int>) -> Int) {
        generate = key
        self.random = random
    }

    /// Returns an unguessable key of 32 letters and digits.
    package func key() -> String { generate() }

    /// Returns unguessable bytes, for example for a password's salt.
    package func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random(0..<256)) } }

    /// Returns a six-digit code for people to read and type. The caller must limit the number of tries.
    package func code() -> String { padded(random(0..<1_000_000), 6) }
}
