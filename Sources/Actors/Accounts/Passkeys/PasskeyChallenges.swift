internal import Crypto
package import Domain
internal import Foundation

/// What an authenticator has to sign: a random number with an end and a seal, so that a question that nobody answers leaves
/// nothing behind.
package struct PasskeyChallenges: Sendable {
    /// What a challenge is for. It can't be used for anything else, nor in another browser.
    package enum Use: Sendable, Hashable {
        /// A new passkey, after the password was right in this session.
        case creation(session: String)
        /// Signing in with the passkey alone.
        case signIn(browser: String)
        /// The second factor after the password.
        case factor(step: String)

        fileprivate var text: String {
            switch self {
            case .creation(let key): "creation:\(key)"
            case .signIn(let key): "sign-in:\(key)"
            case .factor(let key): "factor:\(key)"
            }
        }
    }

    package static let length: Duration = .minutes(10)
    private static let (random, seal) = (16, 16)

    /// The one that makes challenges first.
    private let seals: [SymmetricKey]
    private let keys: KeyGenerator
    private let time: TimeSource

    package init(secrets: SecretKeys, keys: KeyGenerator, time: TimeSource) {
        seals = secrets.all.map { SymmetricKey(data: SHA256.hash(data: Data("passkeys:\($0.reveal())".utf8))) }
        self.keys = keys
        self.time = time
    }

    package func challenge(for use: Use) -> String {
        let end = (time.now() + PasskeyChallenges.length).seconds
        let head = keys.bytes(PasskeyChallenges.random) + withUnsafeBytes(of: end.bigEndian) { Array($0) }
        return base64URLText(head + sealed(head, use, seals[0]))
    }

    /// - Returns: when the challenge ends. Nil if it is not one of ours for this use, or has ended.
    func end(of challenge: String, for use: Use) -> Timestamp? {
        let count = PasskeyChallenges.random + 8 + PasskeyChallenges.seal
        guard let bytes = base64URL(challenge[...]).map({ Array($0) }), bytes.count == count else { return nil }
        let head = Array(bytes.prefix(PasskeyChallenges.random + 8))
        let isOurs = seals.contains { key in
            zip(sealed(head, use, key), bytes.dropFirst(head.count)).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
        }
        let seconds = head.suffix(8).reduce(Int64(0)) { $0 << 8 | Int64($1) }
        guard isOurs, seconds > time.now().seconds else { return nil }
        return Timestamp(seconds: seconds)
    }

    private func sealed(_ head: [UInt8], _ use: Use, _ key: SymmetricKey) -> [UInt8] {
        let code = HMAC<SHA256>.authenticationCode(for: Data(head) + Data(use.text.utf8), using: key)
        return Array(code.prefix(PasskeyChallenges.seal))
    }
}
