internal import Domain
internal import Synchronization

/// The passwords that were right a moment ago, so that a program that sends one with each request costs one hash a minute.
/// It keeps hashes with a salt of this process, and forgets a password as soon as the account has another one.
final class RecentPasswords: Sendable {
    private static let lifetime: Duration = .minutes(1)
    private static let limit = 1_000

    private let salt: String
    private let known = Mutex<[String: Duration]>([:])

    init(salt: String) { self.salt = salt }

    /// - Parameter hash: the account's stored hash.
    func knows(_ password: Secret, _ hash: String, at now: Duration) -> Bool {
        let key = key(password, hash)
        return known.withLock { known in known[key].map { $0 > now } ?? false }
    }

    func remember(_ password: Secret, _ hash: String, at now: Duration) {
        let key = key(password, hash)
        known.withLock { known in
            if known.count >= RecentPasswords.limit { known = known.filter { $0.value > now } }
            if known.count >= RecentPasswords.limit { known = [:] }
            known[key] = now + RecentPasswords.lifetime
        }
    }

    private func key(_ password: Secret, _ hash: String) -> String { sha256("\(salt):\(hash):\(password.reveal())") }
}
