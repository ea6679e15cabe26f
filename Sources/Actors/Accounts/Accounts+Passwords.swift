package import Database
package import Domain
package import Store

extension Accounts {
    /// Sets the new password that a user has chosen and ends the user's other sessions.
    ///
    /// - Throws: the fault of the field `current` or `password`.
    package func changePassword(
        of user: User, current: Secret, to password: Secret, keeping session: SessionID, from origin: Origin
    ) async throws {
        try await checkOwn(current, of: user, from: origin)
        if let fault = PasswordHasher.fault(of: password) { throw FieldFault("password", fault) }
        try await set(password, of: user.id, by: .user(user))
        try await store.endSessions(of: user.id, except: session)
    }

    /// Mails a link for choosing a new password if the account exists. The caller can't tell whether it does.
    ///
    /// - Parameter link: returns the URL for a token.
    package func requestReset(email: String, link: (String) -> String) async throws(DatabaseError) {
        let account = try await store.passwordHash(email: email)
        let name = "reset:\(sha256(email.lowercased()))"
        let now = time.now()
        // At most one mail per account in two minutes, however often someone asks.
        if let until = try await store.blockedUntil([name]), until > now { return }
        try await store.noteFailure(name, at: now) { _ in .minutes(2) }
        guard let account, let user = configuration.current.users[account.user] else {
            // An unknown account costs as many writes, so that the time tells nothing.
            for _ in 0..<2 { try await store.forgetFailures(["reset: nobody"]) }
            return
        }
        let token = keys.key()
        try await store.saveReset(hash: sha256(token), of: user.id, expiresAt: now + Accounts.resetLength)
        let text = """
            Choose a new password for PagerPal

            Somebody asked for a new password for \(user.email). This link works once, within 30 minutes:

            \(link(token))

            If it was not you, ignore this mail. Your password does not change.
            """
        try await mail(text, to: user, at: user.email)
    }

    /// Mails to the account's own address, not to a contact method.
    func mail(_ text: String, to user: User, at address: String) async throws(DatabaseError) {
        let method = ContactMethod(
            id: ContactMethodID("account:\(user.id)"), userID: user.id, channel: .email, address: address)
        try await pages.queue(.notice(text: text), to: method)
    }

    /// Returns the owner of a reset link, or nil if the link is unknown, used or expired.
    package func owner(ofReset token: String) async throws(DatabaseError) -> User? {
        try await store.resetOwner(hash: sha256(token), at: time.now()).flatMap { configuration.current.users[$0] }
    }

    /// Sets the password, revokes everything else by which the user gets in, and invalidates the link.
    ///
    /// - Returns: the user, or nil if the link was used or has expired in the meantime.
    package func reset(token: String, to password: Secret) async throws -> User? {
        guard let id = try await store.takeReset(hash: sha256(token), at: time.now()),
            let user = configuration.current.users[id]
        else { return nil }
        try await admit(id, with: password, by: .user(user, via: "link in a mail"))
        return user
    }

    /// Sets a password. The caller has already checked it with ``PasswordHasher/fault(of:)``.
    package func set(_ password: Secret, of user: UserID, by author: Author) async throws {
        try await set(password, of: user, by: author, revoking: false)
    }

    /// Lets a user sign in with this password, which the caller has checked, and with nothing else: sessions, tokens,
    /// links and remembered browsers are revoked with the same commit.
    package func admit(_ user: UserID, with password: Secret, by author: Author) async throws {
        try await set(password, of: user, by: author, revoking: true)
    }

    private func set(_ password: Secret, of user: UserID, by author: Author, revoking: Bool) async throws {
        let hash = try await passwords.hash(password)
        try await configurator.change(by: author) { _ throws(ConfigurationFault) in
            [.setPassword(user, hash: hash)] + (revoking ? [.revokeAll(user)] : [])
        }
    }

    /// Removes the user's right to sign in, and everything by which the user gets in. PagerPal still pages the user.
    package func dismiss(_ user: UserID, by author: Author) async throws {
        try await configurator.change(by: author) { _ throws(ConfigurationFault) in
            [.setPassword(user, hash: nil), .revokeAll(user)]
        }
    }

    /// Revokes everything by which a user gets in, except the password.
    package func revokeAll(of user: UserID, by author: Author) async throws {
        try await configurator.change(by: author) { _ throws(ConfigurationFault) in [.revokeAll(user)] }
    }

    /// Creates the first account, an administrator. The same commit closes the set-up.
    ///
    /// - Returns: nil if another account was created first.
    package func createFirst(
        name: String, email: String, password: Secret, timeZone: String = "UTC", clock: ClockForm = .hours24
    ) async throws -> User? {
        // A running instance hashes nothing for a stranger.
        guard try await store.isFresh() else { return nil }
        let hash = try await passwords.hash(password, isKnown: false)
        for _ in 0..<Accounts.attemptsAtFirst {
            let version = configuration.current.version
            guard try await store.isFresh() else { return nil }
            do {
                let user = User(
                    id: store.identifiers.next(), name: name, email: email, role: .admin, timeZone: timeZone,
                    clock: clock)
                return try await makeFirst(user, hash: hash, on: version)
            } catch ConfigurationFault.unavailable where configuration.current.version != version {
                continue
            }
        }
        throw ConfigurationFault.unavailable("The configuration is changing. Try again.")
    }

    /// - Parameter version: of the configuration before which nobody could sign in.
    private func makeFirst(_ first: User, hash: String, on version: Int64) async throws -> User? {
        let made = try await configurator.change(by: .system) { configuration throws(ConfigurationFault) in
            guard configuration.version == version else { throw .unavailable("Somebody else was faster.") }
            let known = configuration.users.values.first { $0.email.lowercased() == first.email.lowercased() }
            var user = known ?? first
            user.name = first.name
            user.role = .admin
            user.isEnabled = true
            return [.save(user), .setPassword(user.id, hash: hash)]
        }
        return made.users.values.first { $0.email.lowercased() == first.email.lowercased() }
    }
}
