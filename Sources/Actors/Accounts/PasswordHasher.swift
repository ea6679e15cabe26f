internal import CryptoExtras
internal import Dispatch
package import Domain
internal import Foundation
internal import Synchronization

/// Hashes passwords with scrypt (RFC 7914), in the form `scrypt$N$r$p$salt$hash`.
///
/// A hash deliberately takes tenths of a second and tens of megabytes. Hashes run one at a time on their own thread,
/// so that password guessing neither delays paging nor exhausts memory.
package final class PasswordHasher: Sendable {
    /// The limits on a password and on the queue of hashes.
    package enum Limits {
        package static let shortest = 12
        package static let longest = 200
        /// The maximum number of hashes that may wait in the queue.
        static let waiting = 30
        /// The maximum number while strangers ask. The other places are kept for people who have signed in before.
        static let strangers = 20
    }

    /// Too many hashes are waiting.
    package struct Busy: Error {}

    private let queue = DispatchQueue(label: "pagerpal.passwords")
    private let waiting = Mutex(0)
    private let keys: KeyGenerator
    private let rounds: Int

    /// - Parameter rounds: scrypt's N for new hashes, a power of two.
    package init(rounds: Int, keys: KeyGenerator) {
        self.rounds = rounds
        self.keys = keys
    }

    /// Returns what is wrong with a new password, or nil if it is acceptable.
    package static func fault(of password: Secret) -> String? {
        let length = password.reveal().count
        if length < Limits.shortest { return "Use at least \(Limits.shortest) characters." }
        if length > Limits.longest { return "Use at most \(Limits.longest) characters." }
        if isCommon(password.reveal()) {
            return "This password is among the first that attackers try. Use another one."
        }
        return nil
    }

    /// - Parameter isKnown: whether somebody asks who has signed in before.
    package func hash(_ password: Secret, isKnown: Bool = true) async throws -> String {
        let salt = Data(keys.bytes(16))
        let rounds = rounds
        return try await run(isKnown) {
            let hash = try derive(password, salt: salt, rounds: rounds, blockSize: 8, parallelism: 1)
            return "scrypt$\(rounds)$8$1$\(salt.base64EncodedString())$\(hash.base64EncodedString())"
        }
    }

    /// - Parameters:
    ///   - hash: nil returns false after the same time, so that timing does not reveal which accounts exist.
    ///   - isKnown: whether somebody asks who has signed in before.
    package func isRight(_ password: Secret, for hash: String?, isKnown: Bool = true) async throws -> Bool {
        guard let hash else {
            _ = try await self.hash(password, isKnown: isKnown)
            return false
        }
        return try await run(isKnown) { () -> Bool in
            let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
            guard parts.count == 6, parts[0] == "scrypt", let rounds = Int(parts[1]), let blockSize = Int(parts[2]),
                let parallelism = Int(parts[3]), let salt = Data(base64Encoded: String(parts[4])),
                let known = Data(base64Encoded: String(parts[5]))
            else { return false }
            let given = try derive(
                password, salt: salt, rounds: rounds, blockSize: blockSize, parallelism: parallelism)
            return given.count == known.count && zip(given, known).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        }
    }

    private func run<Value: Sendable>(_ isKnown: Bool, _ body: @escaping @Sendable () throws -> Value) async throws
        -> Value
    {
        let mayWait = waiting.withLock { count -> Bool in
            guard count < (isKnown ? Limits.waiting : Limits.strangers) else { return false }
            count += 1
            return true
        }
        guard mayWait else { throw Busy() }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try body() }) }
        }
    }
}

private func derive(
    _ password: Secret, salt: Data, rounds: Int, blockSize: Int, parallelism: Int
) throws -> Data {
    try KDF.Scrypt.deriveKey(
        from: Data(password.reveal().utf8), salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize,
        parallelism: parallelism
    ).withUnsafeBytes { Data($0) }
}
