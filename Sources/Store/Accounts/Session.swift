package import Domain

/// The id of a session.
package typealias SessionID = ID<Session>

/// One user's sign-in with one browser. The browser holds the key. Only its SHA-256 is stored here.
package struct Session: Sendable, Hashable, Identifiable {
    package let id: SessionID
    package var userID: UserID
    /// SHA-256 of the key in lower-case hex.
    package var hash: String
    package var createdAt: Timestamp
    package var lastSeenAt: Timestamp
    package var expiresAt: Timestamp
    /// The address and browser that opened it, so that its owner can recognize it.
    package var address: String
    package var agent: String
    /// Whether its browser may send the cookie by its name without a prefix, because the session is older than prefixes.
    package var isCookiePlain: Bool
    /// Whether the company's sign-in service vouched for the person.
    package var isByCompany: Bool
    /// When the person signed in, or typed the password again.
    package var provedAt: Timestamp?

    package init(
        id: SessionID, userID: UserID, hash: String, createdAt: Timestamp, lastSeenAt: Timestamp, expiresAt: Timestamp,
        address: String, agent: String, isCookiePlain: Bool = false,
        isByCompany: Bool = false, provedAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.hash = hash
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
        self.expiresAt = expiresAt
        self.address = address
        self.agent = agent
        self.isCookiePlain = isCookiePlain
        self.isByCompany = isByCompany
        self.provedAt = provedAt
    }
}

extension Session {
    /// `Firefox on Linux`, as far as the User-Agent header tells. Nothing else of it, since a stranger may have written it.
    package var browser: String {
        let browsers = [
            ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ]
        let systems = [
            ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]
        guard let browser = browsers.first(where: { agent.contains($0.0) })?.1 else { return "An unknown browser" }
        let system = systems.first { agent.contains($0.0) }?.1
        return system.map { "\(browser) on \($0)" } ?? browser
    }
}
