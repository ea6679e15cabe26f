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
        case .wait(let pause): return tooMany(until: pause)
        }
    }

    /// Checks the own password of somebody who is signed in, before the password, the address or a factor changes. Guesses
    /// are slowed down like those of signing in.
    ///
    /// - Throws: the fault of the field `current` if it is not right.
    func checkOwn(_ password: Secret, of user: User, from origin: Origin) async throws {
        switch try await check(email: user.email, password: password, from: origin) {
        case .right: return
        case .wrong: throw FieldFault("current", "This is not your password.")
        case .wait(let pause): throw tooMany(until: pause)
        }
    }

    private func tooMany(until pause: Duration) -> FieldFault {
        FieldFault("current", "Too many failures. Try again in \(pause.components.seconds + 1) seconds.")
    }
}
