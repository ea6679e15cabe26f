/// Where keys, tokens and codes come from: the system's secure random numbers, or a counter in tests.
package struct KeyGenerator: Sendable {
    private let generate: @Sendable () -> String
    private let random: @Sendable (Range<Int>) -> Int

    /// - Parameters:
    ///   - key: makes 32 letters and digits.
    ///   - random: makes a number of a range.
    package init(key: @escaping @Sendable () -> String, random: @escaping @Sendable (Range<Int>) -> Int) {
        generate = key
        self.random = random
    }

    /// A key of 32 letters and digits that cannot be guessed.
    package func key() -> String { generate() }

    /// Bytes that cannot be guessed, like a password's salt.
    package func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(random(0..<256)) } }

    /// A code of six digits, to be read and typed by people. It needs a limit of tries.
    package func code() -> String { padded(random(0..<1_000_000), 6) }
}
