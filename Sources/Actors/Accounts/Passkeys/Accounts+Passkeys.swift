package import Database
package import Domain
internal import Formats
package import Store

/// Passkeys (WebAuthn): as the second factor after the password, and in place of both.
extension Accounts {
    package enum PasskeyLimits {
        package static let perUser = 10
        package static let name = 100
    }

    /// Why a user gets no new passkey.
    package enum PasskeyRefusal: Error, Sendable, Hashable {
        case tooMany
        /// This PagerPal has no name under which passkeys work.
        case impossible
        /// It took too long, or was used before.
        case expired
        case badName
        /// Its authenticator is registered.
        case known
        /// What the browser brought is no proof. The log says why.
        case unproven

        package var words: String {
            switch self {
            case .tooMany: "You have \(PasskeyLimits.perUser) passkeys. Remove one first."
            case .impossible: "Passkeys need an https address with a name."
            case .expired: "That took too long. Try again."
            case .badName: "Write 1 to \(PasskeyLimits.name) characters."
            case .known: "This passkey is there already."
            case .unproven: "The passkey was refused. The log says why."
            }
        }
    }

    /// The algorithms that are accepted, as COSE calls them, the preferred one first.
    package static let passkeyAlgorithms = CredentialKey.algorithms

    /// What the authenticator keeps to know whose passkey it is. It tells nothing about the person.
    package func passkeyHandle(of user: UserID) -> String { base64URLText(sha256("passkey:\(user)").utf8.prefix(32)) }

    /// What a passkey must sign to sign in alone.
    ///
    /// - Parameter browser: the key to which the browser's forms are bound.
    package func challenge(signingInWith browser: String) -> String {
        challenges.challenge(for: .signIn(browser: sha256(browser)))
    }

    /// What a passkey must sign as the second factor, and the passkeys and the app that can follow the password.
    ///
    /// - Returns: nil if the password was not right, or too long ago.
    package func factorQuestion(
        ofStep key: String
    ) async throws(DatabaseError) -> (challenge: String, factors: Factors)? {
        guard let user = try await user(ofStep: key) else { return nil }
        return (challenges.challenge(for: .factor(step: sha256(key))), try await factors(of: user.id))
    }

    /// Checks the password before a passkey is created.
    ///
    /// - Returns: the challenge, which proves later that the password was right.
    /// - Throws: the fault of the field `current` if the password is wrong.
    package func startPasskey(
        of user: User, password: Secret, in session: SessionID, from origin: Origin
    ) async throws -> Result<String, PasskeyRefusal> {
        guard party != nil else { return .failure(.impossible) }
        try await checkOwn(password, of: user, from: origin)
        guard try await store.passkeys(of: user.id).count < PasskeyLimits.perUser else { return .failure(.tooMany) }
        return .success(challenges.challenge(for: .creation(session: session.rawValue)))
    }

    /// Stores a new passkey. The user's other sessions end.
    ///
    /// - Returns: recovery codes if the user has none yet, which are stored nowhere else.
    package func finishPasskey(
        of user: User, name: String, _ creation: PasskeyCreation, in session: SessionID, from origin: Origin
    ) async throws -> Result<[String], PasskeyRefusal> {
        guard let party else { return .failure(.impossible) }
        guard (1...PasskeyLimits.name).contains(name.count) else { return .failure(.badName) }
        let found: PasskeyCreation.Result
        do { found = try creation.check(at: party) } catch {
            trail.log("a new passkey of \(user.name) was refused: \(error)", from: origin.address)
            return .failure(.unproven)
        }
        let now = time.now()
        guard let end = challenges.end(of: found.challenge, for: .creation(session: session.rawValue)),
            try await store.useChallenge(hash: sha256(found.challenge), until: end, at: now)
        else { return .failure(.expired) }
        let isFirst = try await store.countRecoveryCodes(of: user.id) == 0
        let passkey = Passkey(
            id: store.identifiers.next(), userID: user.id, credential: base64URLText(found.credential.id),
            publicKey: base64URLText(found.credential.key), name: name, counter: Int64(found.counter), createdAt: now)
        switch try await store.save(passkey, limit: PasskeyLimits.perUser) {
        case .tooMany: return .failure(.tooMany)
        case .known: return .failure(.known)
        case .saved: break
        }
        let codes = isFirst ? try await renewRecoveryCodes(of: user.id) : []
        try await store.endSessions(of: user.id, except: session)
        try await trail.note("the passkey “\(name)” was added", about: user, by: .user(user))
        return .success(codes)
    }

    /// Removes one of the user's own passkeys.
    ///
    /// - Returns: false if there is no such passkey.
    /// - Throws: the fault of the field `current` if the password is wrong.
    package func removePasskey(
        _ id: PasskeyID, of user: User, password: Secret, from origin: Origin
    ) async throws -> Bool {
        try await checkOwn(password, of: user, from: origin)
        guard let passkey = try await store.deletePasskey(id, of: user.id) else { return false }
        try await trail.note("the passkey “\(passkey.name)” was removed", about: user, by: .user(user))
        return true
    }

    /// Signs in with a passkey alone. Its authenticator must have verified the person.
    ///
    /// - Parameter browser: the key to which the browser's forms are bound.
    package func signIn(
        passkey assertion: PasskeyAssertion, browser: String, from origin: Origin
    ) async throws -> SignIn {
        guard let party, let passkey = try await store.passkey(credential: assertion.credential),
            let user = configuration.current.users[passkey.userID], user.isEnabled,
            let account = try await store.passwordHash(email: user.email), account.user == user.id
        else {
            trail.log("a sign-in with an unknown passkey failed", from: origin.address)
            return .refused
        }
        guard passkey.accessVersion == account.accessVersion else {
            try await refuse("everything was revoked since it was used with the password", passkey, user, origin)
            return .refused
        }
        let use = PasskeyChallenges.Use.signIn(browser: sha256(browser))
        guard try await proves(assertion, passkey, user, at: party, use, isAlone: true, origin) else { return .refused }
        let (session, key) = try await welcome(user, from: origin, with: "the passkey “\(passkey.name)”")
        return .welcome(session, key: key)
    }

    /// Completes a sign-in with a passkey, after the password.
    package func finishSignIn(step key: String, passkey assertion: PasskeyAssertion, from origin: Origin) async throws
        -> SignIn
    {
        guard let user = try await user(ofStep: key) else { return .expired }
        guard let party, let passkey = try await store.passkey(credential: assertion.credential),
            passkey.userID == user.id
        else {
            try await trail.note(
                "an unknown passkey was refused as the second factor", about: user, by: .user(user),
                from: origin.address)
            return .refused
        }
        let use = PasskeyChallenges.Use.factor(step: sha256(key))
        guard try await proves(assertion, passkey, user, at: party, use, isAlone: false, origin) else {
            return .refused
        }
        try await store.deleteSignInStep(hash: sha256(key))
        let (session, key) = try await welcome(
            user, from: origin, with: "the password and the passkey “\(passkey.name)”")
        return .welcome(session, key: key)
    }

    /// Checks what a browser brought, uses the challenge up and counts.
    ///
    /// - Parameter isAlone: whether no password was asked.
    private func proves(
        _ assertion: PasskeyAssertion, _ passkey: Passkey, _ user: User, at party: RelyingParty,
        _ use: PasskeyChallenges.Use, isAlone: Bool, _ origin: Origin
    ) async throws -> Bool {
        let now = time.now()
        let found: PasskeyAssertion.Result
        do {
            let key = base64URL(passkey.publicKey[...]).map { Array($0) } ?? []
            found = try assertion.check(at: party, key: key, handle: passkeyHandle(of: user.id))
        } catch {
            try await refuse("\(error)", passkey, user, origin)
            return false
        }
        guard !isAlone || found.isVerified else {
            try await refuse("its authenticator did not verify the person", passkey, user, origin)
            return false
        }
        guard let end = challenges.end(of: found.challenge, for: use),
            try await store.useChallenge(hash: sha256(found.challenge), until: end, at: now)
        else {
            try await refuse("the challenge is used, too old or another browser's", passkey, user, origin)
            return false
        }
        let version = isAlone ? nil : try await store.accessVersion(of: user.id)
        guard try await store.use(passkey.id, counter: Int64(found.counter), version: version, at: now) else {
            try await trail.note(
                "the passkey “\(passkey.name)” was refused: its counter went back, as with a copy", about: user,
                by: .user(user), from: origin.address)
            return false
        }
        return true
    }

    /// Notes the first refusals of a day and then each tenth one, so that they can't fill the audit log.
    private func refuse(_ reason: String, _ passkey: Passkey, _ user: User, _ origin: Origin) async throws {
        let failures = try await store.noteFailure("passkey:\(passkey.id)", at: time.now()) { _ in .zero }
        guard failures <= 3 || failures % 10 == 0 else {
            return trail.log("a passkey of \(user.name) was refused: \(reason)", from: origin.address)
        }
        try await trail.note(
            "the passkey “\(passkey.name)” was refused: \(reason)", about: user, by: .user(user), from: origin.address)
    }
}
