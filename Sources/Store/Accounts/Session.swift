package import Domain

/// The identity of a session.
package typealias SessionID = ID<Session>

/// Somebody signed in with one browser. The browser holds a key; only its SHA-256 is kept here.
package struct Session: Sendable, Hashable, Identifiable {
    package let id: SessionID
    package var userID: UserID
    /// Lower-case hex of the SHA-256.
    package var hash: String
    package var createdAt: Timestamp
    package var lastSeenAt: Timestamp
    package var expiresAt: Timestamp
    /// From where and with what it was opened, for its owner to recognise it.
    package var address: String
    package var agent: String

    package init(
        id: SessionID, userID: UserID, hash: String, createdAt: Timestamp, lastSeenAt: Timestamp, expiresAt: Timestamp,
        address: String, agent: String
    ) {
        self.id = id
        self.userID = userID
        self.hash = hash
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
    }
}
