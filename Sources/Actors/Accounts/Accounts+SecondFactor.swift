package import Database
package import Domain
package import Store

/// One-time passwords as a second factor, with recovery codes for a lost phone.
extension Accounts {
    package enum FactorLimits {
        package static let recoveryCodes = 10
        /// How long the second factor may take after the password.
        package static let stepLength: Duration = .minutes(5)
    }

    /// The state of a user's second factor.
    package enum FactorState: Sendable, Hashable {
        case none
        case on(recoveryCodes: Int)
    }

    package func factorState(of user: UserID) async throws(DatabaseError) -> FactorState {
        guard try await store.secondFactor(of: user)?.confirmedAt != nil else { return .none }
        return .on(recoveryCodes: try await store.countRecoveryCodes(of: user))
    }

    /// Creates a secret that counts once a password from it is confirmed.
    ///
    /// - Returns: the secret, or nil if the user has a second factor already or the password is wrong.
    package func startFactor(of user: User, password: Secret) async throws -> [UInt8]? {
        let known = try await store.passwordHash(email: user.email)
        guard try await passwords.isRight(password, for: known?.hash),
            try await store.secondFactor(of: user.id)?.confirmedAt == nil
        else { return nil }
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
        let codes = try await renewRecoveryCodes(of: user.id)
        try await store.endSessions(of: user.id, except: session)
        try await trail.note("a second factor was set up", about: user, by: .user(user))
        return codes
    }

    /// Creates recovery codes in place of the old ones, or returns nil if the password is wrong.
    package func replaceRecoveryCodes(of user: User, password: Secret) async throws -> [String]? {
        let known = try await store.passwordHash(email: user.email)
        guard try await passwords.isRight(password, for: known?.hash),
            try await store.secondFactor(of: user.id)?.confirmedAt != nil
        else { return nil }
        let codes = try await renewRecoveryCodes(of: user.id)
        try await trail.note("new recovery codes were made", about: user, by: .user(user))
        return codes
    }

    /// Removes the user's own second factor if the password is right.
    package func removeFactor(of user: User, password: Secret) async throws -> Bool {
        let known = try await store.passwordHash(email: user.email)
        guard try await passwords.isRight(password, for: known?.hash) else { return false }
        return try await removeFactor(of: user, by: .user(user))
    }

    /// Removes a second factor, for a user who has lost it and the recovery codes.
    @discardableResult
    package func removeFactor(of user: User, by author: Author) async throws -> Bool {
        guard try await store.deleteSecondFactor(of: user.id) else { return false }
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

    /// Completes a sign-in with a one-time password or a recovery code.
    package func finishSignIn(step key: String, code: String, from origin: Origin) async throws -> SignIn {
        let now = time.now()
        guard let id = try await store.signInStep(hash: sha256(key), at: now),
            let user = configuration.current.users[id], user.isEnabled
        else { return .expired }
        // Each try counts before it is judged, so that many at the same time are no way around the pause.
        let throttle = Throttle.factor(of: id)
        if let until = try await store.blockedUntil([throttle.name]), until > now { return .wait(until - now) }
        _ = try await store.noteFailure(throttle.name, at: now, pause: throttle.pause)
        guard let factor = try await store.secondFactor(of: id), factor.confirmedAt != nil,
            try await isRight(code, factor, id)
        else {
            try await trail.note("a wrong second factor was typed", about: user, by: .user(user), from: origin.address)
            return .refused
        }
        try await store.forgetFailures([throttle.name])
        try await store.deleteSignInStep(hash: sha256(key))
        let (session, key) = try await open(id, from: origin)
        return .welcome(session, key: key)
    }

    /// Checks and uses up a one-time password, or a recovery code of a factor that counts.
    private func isRight(_ typed: String, _ factor: SecondFactor, _ user: UserID) async throws(DatabaseError) -> Bool {
        let code = typed.filter { !$0.isWhitespace && $0 != "-" }.lowercased()
        if code.utf8.count == 6, let secret = seal.open(factor.secret, of: user.rawValue),
            let step = OneTimePassword.step(
                of: code, secret: secret, seconds: time.now().seconds, after: factor.lastStep)
        {
            return try await store.takeStep(step, of: user)
        }
        guard factor.confirmedAt != nil else { return false }
        return try await store.takeRecoveryCode(hash: sha256("\(user) \(code)"), of: user)
    }

    private func renewRecoveryCodes(of user: UserID) async throws(DatabaseError) -> [String] {
        let codes = (0..<FactorLimits.recoveryCodes).map { _ in keys.key().lowercased().prefix(12) }
        try await store.confirmSecondFactor(
            of: user, recoveryCodes: codes.map { sha256("\(user) \($0)") }, at: time.now())
        return codes.map { code in
            stride(from: 0, to: 12, by: 4).map { start in
                String(code.dropFirst(start).prefix(4))
            }.joined(separator: "-")
        }
    }
}
