package import Database
package import Domain
internal import Store

/// Invitations: a mail with a link by which a person chooses a first password.
extension Accounts {
    /// How long an invitation can be used.
    package static let invitationLength: Duration = .days(7)

    /// Why nobody can be invited.
    package enum InvitationFault: Sendable, Hashable {
        /// The person signs in already.
        case signsIn
        case isDisabled
        case isService

        package var words: String {
            switch self {
            case .signsIn: "This person signs in already."
            case .isDisabled: "Enable the user first."
            case .isService: "A service account doesn't sign in."
            }
        }
    }

    /// Mails a link to the account's address. An earlier invitation of the person stops working.
    ///
    /// - Parameter link: returns the URL for a token, which is in the mail and nowhere else.
    package func invite(
        _ user: User, by author: Author, link: (String) -> String
    ) async throws(DatabaseError) -> InvitationFault? {
        guard user.isEnabled else { return .isDisabled }
        guard !user.isService else { return .isService }
        guard try await !store.usersWithPassword().contains(user.id) else { return .signsIn }
        let token = keys.key()
        try await store.saveInvitation(
            hash: sha256(token), of: user.id, expiresAt: time.now() + Accounts.invitationLength)
        let text = """
            \(author.name) invites you to PagerPal

            Choose a password, with which you sign in as \(user.email). This link works once, within 7 days:

            \(link(token))

            If you did not expect this mail, ignore it.
            """
        try await mail(text, to: user, at: user.email)
        try await trail.note("was invited to sign in", about: user, by: author)
        return nil
    }

    /// Ends a person's invitation. Returns false if there is none.
    package func withdrawInvitation(of user: User, by author: Author) async throws(DatabaseError) -> Bool {
        guard try await store.withdrawInvitation(of: user.id) else { return false }
        try await trail.note("the invitation was withdrawn", about: user, by: author)
        return true
    }
}
