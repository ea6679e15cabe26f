package import Database
package import Domain
package import Store

/// The second factor: one-time passwords or passkeys, with recovery codes for a lost phone.
extension Accounts {
    package enum FactorLimits {
        package static let recoveryCodes = 10
        /// How long the second factor may take after the password.
        package static let stepLength: Duration = .minutes(5)
    }

    /// The second factors of a user.
    package struct Factors: Sendable, Hashable {
        /// Whether an app shows one-time passwords.
        package var hasApp: Bool
        package var passkeys: [Passkey]
        package var recoveryCodes: Int

        /// Whether signing in with the password needs one.
        package var isOn: Bool { hasApp || !passkeys.isEmpty }
    }

    package func factors(of user: UserID) async throws(DatabaseError) -> Factors {
        Factors(
            hasApp: try await store.secondFactor(of: user)?.confirmedAt != nil,
            passkeys: try await store.passkeys(of: user), recoveryCodes: try await store.countRecoveryCodes(of: user))
    }

    /// Whether a user has a second factor of any kind.
    package func hasFactor(_ user: UserID) async throws(DatabaseError) -> Bool {
        if try await store.secondFactor(of: user)?.confirmedAt != nil { return true }
        return try await !store.passkeys(of: user).isEmpty
    }

    /// Creates a secret that counts once a password from it is confirmed.
    ///
    /// - Throws: the fault of the field `current` if the password is wrong, or the user has such an app already.
    @discardableResult
    package func startFactor(of user: User, password: Secret, from origin: Origin) async throws -> [UInt8] {
        try await checkOwn(password, of: user, from: origin)
        guard try await store.secondFactor(of: user.id)?.confirmedAt == nil else {
            throw FieldFault("current", "You have an app already. Turn it off first.")
        }
        let secret = keys.bytes(OneTimePassword.secretLength)
        try await store.saveSecondFactor(
            try seal.seal(secret, of: user.id.rawValue), of: user.id, at: time.now())
        return secret
    }

    /// The secret that waits for its confirmation.
    package func pendingFactor(of user: User) async throws(DatabaseError) -> [UInt8]? {
        guard let factor = try await store.secondFactor(of: user.id), factor.confirmedAt == nil else { return nil }
        return seal.open(factor.secret, of: user.id.rawValue)
    }

    /// Makes the secret count if the password from the app is right. The user's other sessions end.
    ///
    /// - Returns: the recovery codes, which are stored nowhere else, or nil if the password is wrong.
    package func confirmFactor(of user: User, code: String, keeping session: SessionID) async throws -> [String]? {
        guard let factor = try await store.secondFactor(of: user.id), factor.confirmedAt == nil,
            try await isRight(code, factor, user.id)
        else { return nil }
        try await store.confirmSecondFactor(of: user.id, at: time.now())
        let codes = try await renewRecoveryCodes(of: user.id)
        try await store.endSessions(of: user.id, except: session)
        try await trail.note("a second factor was set up", about: user, by: .user(user))
        return codes
    }

    /// Creates recovery codes in place of the old ones.
    ///
    /// - Throws: the fault of the field `current` if the password is wrong, or there is nothing to recover.
    package func replaceRecoveryCodes(of user: User, password: Secret, from origin: Origin) async throws -> [String] {
        try await checkOwn(password, of: user, from: origin)
        guard try await hasFactor(user.id) else {
            throw FieldFault("current", "You have no second factor. Set one up first.")
        }
        let codes = try await renewRecoveryCodes(of: user.id)
        try await trail.note("new recovery codes were made", about: user, by: .user(user))
        return codes
    }

    /// Removes the user's own app. Passkeys stay.
    ///
    /// - Returns: false if there is none.
    /// - Throws: the fault of the field `current` if the password is wrong.
    package func removeApp(of user: User, password: Secret, from origin: Origin) async throws -> Bool {
        try await checkOwn(password, of: user, from: origin)
        guard try await store.deleteSecondFactor(of: user.id) else { return false }
        try await trail.note("the second factor was removed", about: user, by: .user(user))
        return true
    }

    /// Removes all second factors, for a user who has lost them and the recovery codes.
    package func removeFactors(of user: User, by author: Author) async throws -> Bool {
        guard try await store.deleteFactors(of: user.id) else { return false }
        try await trail.note("the second factor was removed", about: user, by: author)
        return true
    }

    /// Stores that the password was right.
    ///
    /// - Returns: the key for the browser's cookie, with which the second factor must follow.
    func openStep(_ user: UserID) async throws(DatabaseError) -> String {
        let (key, now) = (keys.key(), time.now())
        try await store.saveSignInStep(
            hash: sha256(key), of: user, expiresAt: now + FactorLimits.stepLength, at: now)
        return key
    }

    /// The user whose password was right, as long as the second factor may follow.
    func user(ofStep key: String) async throws(DatabaseError) -> User? {
        guard let id = try await store.signInStep(hash: sha256(key), at: time.now()),
            let user = configuration.current.users[id], user.isEnabled
        else { return nil }
        return user
    }

    /// Completes a sign-in with a one-time password or a recovery code.
    package func finishSignIn(step key: String, code: String, from origin: Origin) async throws -> SignIn {
        guard let user = try await user(ofStep: key) else { return .expired }
        switch try await slowed(user, from: origin, { try await isFactor(code, of: user.id) }) {
        case .wait(let pause): return .wait(pause)
        case .wrong: return .refused
        case .right: break
        }
        try await store.deleteSignInStep(hash: sha256(key))
        let (session, key) = try await welcome(user, from: origin)
        return .welcome(session, key: key)
    }

    /// Checks and uses up a one-time password of a user's app.
    ///
    /// - Returns: nil if the text is no such password, or the user has no app.
    func checkCode(_ typed: String, of user: User, from origin: Origin) async throws -> PasswordCheck? {
        let code = plain(typed)
        guard code.utf8.count == 6, code.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let factor = try await store.secondFactor(of: user.id), factor.confirmedAt != nil
        else { return nil }
        return try await slowed(user, from: origin) { try await isRight(code, factor, user.id) }
    }

    /// Judges a try of a second factor, slowed down by failures.
    private func slowed(
        _ user: User, from origin: Origin, _ isRight: () async throws -> Bool
    ) async throws -> PasswordCheck {
        let now = time.now()
        // Each try counts before it is judged, so that many at the same time are no way around the pause.
        let throttle = Throttle.factor(of: user.id)
        if let until = try await store.blockedUntil([throttle.name]), until > now { return .wait(until - now) }
        _ = try await store.noteFailure(throttle.name, at: now, pause: throttle.pause)
        guard try await isRight() else {
            try await trail.note("a wrong second factor was typed", about: user, by: .user(user), from: origin.address)
            return .wrong
        }
        try await store.forgetFailures([throttle.name])
        return .right(user)
    }

    /// Checks and uses up a one-time password of an app that counts, or a recovery code.
    private func isFactor(_ typed: String, of user: UserID) async throws(DatabaseError) -> Bool {
        let factor = try await store.secondFactor(of: user)
        if let factor, factor.confirmedAt != nil, try await isRight(typed, factor, user) { return true }
        guard try await hasFactor(user) else { return false }
        return try await store.takeRecoveryCode(hash: sha256("\(user) \(plain(typed))"), of: user)
    }

    /// Checks and uses up a one-time password.
    private func isRight(_ typed: String, _ factor: SecondFactor, _ user: UserID) async throws(DatabaseError) -> Bool {
        let code = plain(typed)
        guard code.utf8.count == 6, let secret = seal.open(factor.secret, of: user.rawValue),
            let step = OneTimePassword.step(
                of: code, secret: secret, seconds: time.now().seconds, after: factor.lastStep)
        else { return false }
        guard try await store.takeStep(step, of: user) else { return false }
        // After SECRET_KEY was changed, each is sealed anew when it is used.
        try await renewSeal(of: factor.secret, user)
        return true
    }

    /// How many secrets were sealed with which key.
    package struct Renewal: Sendable, Hashable {
        package var renewed = 0
        package var current = 0
        /// They were sealed with a key that is neither the present one nor the one before it.
        package var unreadable = 0
    }

    /// Seals all secrets with the present `SECRET_KEY`, after it was changed.
    package func renewSeals() async throws(DatabaseError) -> Renewal {
        var renewal = Renewal()
        for (user, secret) in try await store.sealedFactors() {
            if try await renewSeal(of: secret, user) {
                renewal.renewed += 1
            } else if seal.open(secret, of: user.rawValue) != nil {
                renewal.current += 1
            } else {
                renewal.unreadable += 1
            }
        }
        return renewal
    }

    /// - Returns: whether it was sealed with the key before.
    @discardableResult
    private func renewSeal(of secret: String, _ user: UserID) async throws(DatabaseError) -> Bool {
        // It can't fail: only the length of the text could be refused.
        guard let renewed = try? seal.renewed(secret, of: user.rawValue) else { return false }
        try await store.replaceSecret(of: user, secret, by: renewed)
        return true
    }

    /// What was typed without the blanks and dashes that people add.
    private func plain(_ typed: String) -> String { typed.filter { !$0.isWhitespace && $0 != "-" }.lowercased() }

    func renewRecoveryCodes(of user: UserID) async throws(DatabaseError) -> [String] {
        let codes = (0..<FactorLimits.recoveryCodes).map { _ in keys.key().lowercased().prefix(12) }
        try await store.replaceRecoveryCodes(of: user, by: codes.map { sha256("\(user) \($0)") })
        return codes.map { code in
            stride(from: 0, to: 12, by: 4).map { start in
                String(code.dropFirst(start).prefix(4))
            }.joined(separator: "-")
        }
    }
}
