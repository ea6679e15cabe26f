internal import Database
internal import Domain
internal import Store

/// Notices about sign-ins from browsers that the account does not know.
extension Accounts {
    /// Mails one notice in this time at most, so that nobody can flood a mailbox.
    private static let noticePause: Duration = .minutes(10)

    /// Lets a user in who has been authenticated, and tells the user if the browser is new.
    ///
    /// - Parameters:
    ///   - means: what the user signed in with. Nil means the password.
    ///   - byCompany: whether the company's sign-in service vouched for the user.
    ///   - provedAt: when the user proved to that service who it is. Nil means now.
    func welcome(
        _ user: User, from origin: Origin, with means: String? = nil, byCompany: Bool = false,
        provedAt: Timestamp? = nil
    ) async throws(DatabaseError) -> (Session, key: String) {
        let isNew = try await !origin.knows(user.id, store.accessVersion(of: user.id))
        let opened = try await open(user.id, from: origin, with: means, byCompany: byCompany, provedAt: provedAt)
        if isNew, tellsNewBrowsers { try await tellOfNewBrowser(user, opened.0, means ?? "the password") }
        return opened
    }

    private func tellOfNewBrowser(_ user: User, _ session: Session, _ means: String) async throws(DatabaseError) {
        let name = "new browser:\(user.id)"
        let now = time.now()
        if let until = try await store.blockedUntil([name]), until > now { return }
        try await store.noteFailure(name, at: now) { _ in Accounts.noticePause }
        let text = """
            A new browser signed in to PagerPal

            \(user.name) signed in with \(means) from a browser that had not signed in to this account before.

            When: \(now.local(in: user.timeZone, user.clock)) (\(user.timeZone))
            From: \(session.address)
            Browser: \(session.browser)

            If it was you, ignore this mail. If not, end the session in your profile, under “Password, sessions, tokens”, choose
            another password there, and tell an administrator.
            """
        try await mail(text, to: user, at: user.email)
    }
}
