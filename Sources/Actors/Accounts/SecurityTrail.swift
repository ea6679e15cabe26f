package import Database
package import Domain
package import Logging
package import Store

/// What happened at the doors, in the audit log and in the process's log: sign-ins, failures, tokens, links, factors.
package struct SecurityTrail: Sendable {
    private let store: Store
    private let time: TimeSource
    private let logger: Logger

    package init(store: Store, time: TimeSource, logger: Logger) {
        self.store = store
        self.time = time
        self.logger = logger
    }

    /// Notes an event about a user. The text contains no secret.
    ///
    /// - Parameter address: where the request came from.
    package func note(
        _ text: String, about user: User, by author: Author, from address: String? = nil
    ) async throws(DatabaseError) {
        let note = address.map { "\(text), from \($0)" } ?? text
        logger.notice(
            "security", metadata: ["event": "\(note)", "user": "\(user.id)", "author": "\(author.name)"])
        try await store.note(note, about: .user(user.id), named: user.name, by: author, at: time.now())
    }

    /// Logs a failure that concerns no known user. It leaves no record, because strangers could make any number.
    package func log(_ text: String, from address: String) {
        logger.info("security", metadata: ["event": "\(text)", "address": "\(address)"])
    }
}
