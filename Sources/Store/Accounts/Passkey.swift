package import Domain

/// The id of a passkey.
package typealias PasskeyID = ID<Passkey>

/// A key pair of a user (WebAuthn), of which PagerPal has the public half.
package struct Passkey: Sendable, Hashable, Identifiable {
    package let id: PasskeyID
    package var userID: UserID
    /// The id by which its authenticator knows it, in Base64 for URLs.
    package var credential: String
    /// In the form of COSE, in Base64 for URLs.
    package var publicKey: String
    package var name: String
    /// What its authenticator counted to at the last use. Always 0 if it does not count.
    package var counter: Int64
    /// The user's access version when it was created, or last used after the password. With an older one, it is a second factor and
    /// doesn't sign in alone.
    package var accessVersion: Int64
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp?

    package init(
        id: PasskeyID, userID: UserID, credential: String, publicKey: String, name: String, counter: Int64,
        accessVersion: Int64 = 0, createdAt: Timestamp, lastUsedAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.credential = credential
        self.publicKey = publicKey
        self.name = name
        self.counter = counter
        self.accessVersion = accessVersion
        self.createdAt = createdAt
        self.lastUsedAt = lastUsedAt
    }
}
