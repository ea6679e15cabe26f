internal import Database
package import Domain
package import Store

/// What asks for a recent proof of the person: a new API token or contact method outlives the session that makes it.
extension Accounts {
    /// How long a proof counts.
    package static let proofLength: Duration = .minutes(10)

    /// Whether the person behind a session proved a moment ago who they are.
    package func isProven(_ session: Session) -> Bool {
        session.provedAt.map { time.now() - $0 <= Accounts.proofLength } ?? false
    }

    /// Checks the password of a session's user, or a code of the user's app. Failures slow it down as they slow down signing in.
    ///
    /// - Returns: the fault of the field `current`, or nil if it is right. It then counts for ten minutes.
    package func prove(
        _ session: Session, of user: User, answer: Secret, from origin: Origin
    ) async throws -> FieldFault? {
        var checked = try await checkCode(answer.reveal(), of: user, from: origin)
        if checked == nil { checked = try await check(email: user.email, password: answer, from: origin) }
        switch checked {
        case .right:
            try await store.prove(session.id, at: time.now())
            return nil
        case .wrong, nil: return FieldFault("current", "This is neither your password nor a code of your app.")
        case .wait(let pause):
            return FieldFault("current", "Too many failures. Try again in \(pause.components.seconds + 1) seconds.")
        }
    }
}
