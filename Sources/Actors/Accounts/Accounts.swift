package import Database
package import Domain
package import Store

/// Signs users in and out and manages their passwords.
package struct Accounts: Sendable {
    /// How long a session lasts after its last use.
    package static let sessionLength: Duration = .days(30)
    /// How long a session lasts at most, however often it is used.
    package static let longestSession: Duration = .days(90)
    package static let resetLength: Duration = .minutes(30)
    /// How often the first account is tried while the configuration changes at the same time.
    static let attemptsAtFirst = 5
    /// Within this interval, repeated uses of a session are not written to the database.
    private static let touchInterval: Duration = .minutes(5)

    let store: Store
    let configuration: ConfigurationCache
    let configurator: Configurator
    let pages: PageQueue
    let passwords: PasswordHasher
    let seal: SecretSeal
    /// Nil where browsers allow no passkeys.
    package let party: RelyingParty?
    let challenges: PasskeyChallenges
    package let trail: SecurityTrail
    /// Whether users hear of sign-ins from new browsers.
    let tellsNewBrowsers: Bool
    private let recent: RecentPasswords
    let keys: KeyGenerator
    let time: TimeSource

    package init(
        store: Store, configuration: ConfigurationCache, configurator: Configurator, pages: PageQueue,
        passwords: PasswordHasher, seal: SecretSeal, party: RelyingParty?, challenges: PasskeyChallenges,
        trail: SecurityTrail, tellsNewBrowsers: Bool, keys: KeyGenerator, time: TimeSource
    ) {
        self.store = store
        self.configuration = configuration
        self.configurator = configurator
        self.pages = pages
        self.passwords = passwords
        self.seal = seal
        self.party = party
        self.challenges = challenges
        self.trail = trail
        self.tellsNewBrowsers = tellsNewBrowsers
        recent = RecentPasswords(salt: keys.key())
        self.keys = keys
        self.time = time
    }

    /// Where a sign-in attempt comes from.
    package struct Origin: Sendable {
        package var address: String
        /// What counts as one client for failures: the address, or the IPv6 network that contains it.
        package var network: String
        package var agent: String
        /// Whether this browser has signed in to the account before. A cookie proves it, with the account's access version.
        package var knows: @Sendable (UserID, Int64) -> Bool

        package init(
            address: String, network: String? = nil, agent: String, knows: @escaping @Sendable (UserID, Int64) -> Bool
        ) {
            self.address = address
            self.network = network ?? address
            self.agent = agent
            self.knows = knows
        }
    }

    /// The result of a sign-in attempt.
    package enum SignIn: Sendable {
        /// The key goes into the cookie and is stored nowhere else.
        case welcome(Session, key: String)
        /// The password was right, and a second factor must follow. The key goes into a cookie.
        case needsFactor(step: String)
        /// The second factor came too late.
        case expired
        case refused
        /// There were too many failures. Attempts are refused until this time has passed.
        case wait(Duration)
    }

    /// The result of a check of a password.
    package enum PasswordCheck: Sendable {
        case right(User)
        case wrong
        case wait(Duration)
    }

    package func signIn(email: String, password: Secret, from origin: Origin) async throws -> SignIn {
        switch try await check(email: email, password: password, from: origin) {
        case .wrong: return .refused
        case .wait(let pause): return .wait(pause)
        case .right(let user):
            if try await hasFactor(user.id) {
                return .needsFactor(step: try await openStep(user.id))
            }
            let (session, key) = try await welcome(user, from: origin)
            return .welcome(session, key: key)
        }
    }

    /// Checks an address and a password, slowed down by failures. The answer and its time don't tell which accounts exist.
    package func check(email: String, password: Secret, from origin: Origin) async throws -> PasswordCheck {
        let account = try await store.passwordHash(email: email)
        let isKnown = account.map { origin.knows($0.user, $0.accessVersion) } ?? false
        let throttles = Throttle.all(email: email, address: origin.network, isKnownBrowser: isKnown)
        let now = time.now()
        if let until = try await store.blockedUntil(throttles.map(\.name)), until > now { return .wait(until - now) }
        if let account, recent.knows(password, account.hash, at: time.monotonic()),
            let user = configuration.current.users[account.user], user.isEnabled
        {
            return .right(user)
        }
        // Each try counts as a failure before its password is hashed, so that many at the same time are no way around
        // the pause. A right password takes it back.
        var failures = 0
        for throttle in throttles {
            failures = max(failures, try await store.noteFailure(throttle.name, at: now, pause: throttle.pause))
        }
        guard try await passwords.isRight(password, for: account?.hash, isKnown: isKnown), let account,
            let user = configuration.current.users[account.user], user.isEnabled
        else {
            try await noteRefusal(account.flatMap { configuration.current.users[$0.user] }, failures, origin)
            return .wrong
        }
        try await store.takeBackFailures(throttles.filter { !$0.isForgivable }.map(\.name))
        try await store.forgetFailures(throttles.filter(\.isForgivable).map(\.name))
        recent.remember(password, account.hash, at: time.monotonic())
        return .right(user)
    }

    /// Notes the first failures of a row and then each tenth one, so that guessing can't fill the audit log.
    private func noteRefusal(_ user: User?, _ failures: Int, _ origin: Origin) async throws {
        guard let user else { return trail.log("a sign-in to an unknown account failed", from: origin.address) }
        guard failures <= 3 || failures % 10 == 0 else { return }
        try await trail.note("a sign-in failed", about: user, by: .user(user), from: origin.address)
    }

    /// Opens a session for a user who has been authenticated.
    ///
    /// - Parameters:
    ///   - means: what the user signed in with, for the audit log.
    ///   - byCompany: whether the company's sign-in service vouched for the user.
    ///   - provedAt: when the user proved to that service who it is. Nil means now.
    package func open(
        _ user: UserID, from origin: Origin, with means: String? = nil, byCompany: Bool = false,
        provedAt: Timestamp? = nil
    ) async throws(DatabaseError) -> (Session, key: String) {
        let key = keys.key()
        let now = time.now()
        let session = Session(
            id: store.identifiers.next(), userID: user, hash: sha256(key), createdAt: now, lastSeenAt: now,
            expiresAt: now + Accounts.sessionLength, address: origin.address, agent: String(origin.agent.prefix(300)),
            isByCompany: byCompany, provedAt: min(provedAt ?? now, now))
        try await store.save(session)
        if let known = configuration.current.users[user] {
            try await trail.note(
                means.map { "signed in with \($0)" } ?? "signed in", about: known, by: .user(known),
                from: origin.address)
        }
        return (session, key)
    }

    /// Returns the session and user for a cookie's key, or nil if the session has ended or the user may no longer
    /// sign in.
    package func session(key: String) async throws(DatabaseError) -> (session: Session, user: User)? {
        let now = time.now()
        guard let session = try await store.session(hash: sha256(key), at: now),
            let user = configuration.current.users[session.userID], user.isEnabled
        else { return nil }
        if now - session.lastSeenAt > Accounts.touchInterval {
            let end = min(now + Accounts.sessionLength, session.createdAt + Accounts.longestSession)
            try await store.touch(session.id, at: now, expiresAt: end)
        }
        return (session, user)
    }

    package func signOut(_ session: Session) async throws(DatabaseError) {
        try await store.endSession(session.id, of: session.userID)
    }

    /// Whether no account has a password yet, as on a new database.
    package func isFresh() async throws(DatabaseError) -> Bool { try await store.isFresh() }
}
