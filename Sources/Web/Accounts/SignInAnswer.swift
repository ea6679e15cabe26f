internal import Actors
internal import Hummingbird
internal import Transport

extension GuestRequest {
    /// Answers an attempt to sign in.
    ///
    /// - Parameters:
    ///   - refusal: what is wrong, if nobody was let in.
    ///   - page: the form again, with what is wrong.
    func answer<Page: View>(
        _ result: Accounts.SignIn, refusal: String, _ page: (String) async throws -> Page
    ) async throws -> Response {
        switch result {
        case .needsFactor(let step):
            var response = go(to: Path("/login/factor").with([("next", form["next"])]))
            response.set(
                .step, step, for: Accounts.FactorLimits.stepLength, isSecure: services.settings.isCookieSecure)
            return response
        case .expired: return go(to: "/login", saying: "That took too long. Sign in again.", isBad: true)
        case .welcome(let session, let key):
            return try await enter(session, key, at: Path(untrusted: form["next"]) ?? "/dashboard")
        case .refused: return refuse(try await page(refusal))
        case .wait(let pause):
            let seconds = pause.components.seconds + 1
            return show(
                try await page("Too many failures. Try again in \(seconds) seconds."), status: .tooManyRequests)
        }
    }

    /// What the browser brought from a passkey.
    var passkeyAssertion: PasskeyAssertion {
        PasskeyAssertion(
            credential: form["credential"], clientData: form["client_data"],
            authenticatorData: form["authenticator_data"], signature: form["signature"],
            userHandle: form["user_handle"])
    }
}
