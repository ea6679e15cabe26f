package import Database
package import Domain
package import Store

/// Signs users in and out and manages their passwords.
package struct Accounts: Sendable {
    /// How long a session lasts after its last use.
    package static let sessionLength: Duration = .days(30)
    package static let resetLength: Duration = .minutes(30)
    /// Within this interval, repeated uses of a session are not written to the database.
    private static let touchInterval: Duration = .minutes(5)

    let store: Store
    let configuration: ConfigurationCache
    let configurator: Configurator
    let pages: PageQueue
    let passwords: PasswordHasher
    let keys: KeyGenerator
    let time: TimeSource

    package init(
        store: Store, configuration: ConfigurationCache, configurator: Configurator, pages: PageQueue,
        passwords: PasswordHasher,
        keys: KeyGenerator, time: TimeSource
    ) {
        self.store = store
        self.configuration = configuration
        self.configurator = configurator
        self.pages = pages
        self.passwords = passwords
        self.keys = keys
        self.time = time
    }

    /// Where a sign-in attempt comes from.
    package struct Origin: Sendable {
        package var address: String
        package var agent: String
        /// Whether this browser has signed in to the account before. A cookie proves it.
        package var knows: @Sendable (UserID) -> Bool

        package init(address: String, agent: String, knows: @escaping @Sendable (UserID) -> Bool) {
            self.address = address
            self.agent = agent
            self.knows = knows
        }
    }

    /// The result of a sign-in attempt.
    package enum SignIn: Sendable {
        /// The key goes into the cookie and is stored nowhere else.
        case welcome(Session, key: String)
        case refused
        /// There were too many failures. Attempts are refused until this time has passed.
        case wait(Duration)
    }

    package func signIn(email: String, password: Secret, from origin: Origin) async throws -> SignIn {
        let account = try await store.passwordHash(email: email)
        let isKnown = account.map { origin.knows($0.user) } ?? false
        let throttles = Throttle.all(email: email, address: origin.address, isKnownBrowser: isKnown)
        let now = time.now()
        if let until = try await store.blockedUntil(throttles.map(\.name)), until > now { return .wait(until - now) }
        guard try await passwords.isRight(password, for: account?.hash), let account,
            configuration.current.users[account.user]?.isEnabled == true
        else {
            for throttle in throttles { try await store.noteFailure(throttle.name, at: now, pause: throttle.pause) }
            return .refused
        }
        try await store.forgetFailures(throttles.filter(\.isForgivable).map(\.name))
        let (session, key) = try await open(account.user, from: origin)
        return .welcome(session, key: key)
    }

    /// Opens a session for a user who has been authenticated.
    package func open(_ user: UserID, from origin: Origin) async throws(DatabaseError) -> (Session, key: String) {
        let key = keys.key()
        let now = time.now()
        let session = Session(
            id: store.identifiers.next(), userID: user, hash: sha256(key), createdAt: now, lastSeenAt: now,
            expiresAt: now + Accounts.sessionLength, address: origin.address, agent: String(origin.agent.prefix(300)))
        try await store.save(session)
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
            try await store.touch(session.id, at: now, expiresAt: now + Accounts.sessionLength)
        }
        return (session, user)
    }

    package func signOut(_ session: Session) async throws(DatabaseError) {
        try await store.endSession(session.id, of: session.userID)
    }

    /// Whether no account has a password yet, as on a new database.
    package func isFresh() async throws(DatabaseError) -> Bool { try await store.isFresh() }
}
