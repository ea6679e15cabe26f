package import Database
package import Domain
internal import Store

/// Changes of the address with which a user signs in, and to which a link for a new password is mailed.
extension Accounts {
    /// Mails a link to the new address if the password is right. Nothing changes before the link is opened.
    ///
    /// - Parameter link: returns the URL for a token.
    /// - Returns: the faults, by the field names `email` and `current`. Empty on success.
    package func requestEmailChange(
        of user: User, to email: String, password: Secret, from origin: Origin, link: (String) -> String
    ) async throws -> [FieldFault] {
        if let fault = Channel.email.definition.address.fault(in: email) { return [FieldFault("email", fault)] }
        do { try await checkOwn(password, of: user, from: origin) } catch let fault as FieldFault { return [fault] }
        var changed = user
        changed.email = email
        let faults = configuration.current.faults(of: [.save(changed)])
        guard faults.isEmpty else { return faults }
        let token = keys.key()
        try await store.saveEmailChange(
            hash: sha256(token), of: user.id, to: email, expiresAt: time.now() + Accounts.resetLength)
        let text = """
            Confirm your new address for PagerPal

            \(user.name) wants to sign in with \(email) from now on. This link works once, within 30 minutes, in the
            browser that is signed in:

            \(link(token))

            If it was not you, ignore this mail. Nothing changes.
            """
        try await mail(text, to: user, at: email)
        return []
    }

    /// Returns the address that a user's link proves, or nil if the link is unknown, used or expired.
    package func address(ofEmailChange token: String, of user: UserID) async throws(DatabaseError) -> String? {
        try await store.emailChange(hash: sha256(token), of: user, at: time.now(), uses: false)
    }

    /// Changes the address to the one that the link proves, and tells the old one.
    ///
    /// - Returns: false if the link was used or has expired in the meantime.
    package func confirmEmailChange(token: String, of user: User) async throws -> Bool {
        let email = try await store.emailChange(hash: sha256(token), of: user.id, at: time.now(), uses: true)
        guard let email else { return false }
        try await configurator.change(by: .user(user, via: "link in a mail")) {
            (configuration) throws(ConfigurationFault) in
            guard var stored = configuration.users[user.id] else { throw .missing("such user") }
            stored.email = email
            return [.save(stored)]
        }
        try await tellOldAddress(of: user, now: email)
        return true
    }

    /// Mails to the address that an account had until now.
    ///
    /// - Parameter user: the user with the old address.
    package func tellOldAddress(of user: User, now email: String) async throws {
        guard user.email.lowercased() != email.lowercased(), try await store.usersWithPassword().contains(user.id)
        else {
            return
        }
        let text = """
            Your address for PagerPal was changed

            \(user.name) signs in with another address than \(user.email) from now on. If that is a surprise, tell an
            administrator at once.
            """
        try await mail(text, to: user, at: user.email)
    }
}
