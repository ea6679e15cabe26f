internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /login/factor and /login/passkey: what follows the password, or replaces it.
struct FactorRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.open(.get, "/login/factor") { guest in
            guest.show(try await page(guest, FormInput(["next": [guest.query("next")]])))
        }
        routes.open(.post, "/login/factor", typeCode)
        routes.open(.post, "/login/factor/passkey", usePasskey)
        routes.open(.post, "/login/passkey", signIn)
    }

    private func typeCode(_ guest: GuestRequest) async throws -> Response {
        let result = try await services.accounts.finishSignIn(
            step: step(guest), code: guest.form["code"], from: guest.origin)
        return try await guest.answer(result, refusal: "The code is wrong.") {
            try await page(guest, guest.form.with([FieldFault("code", $0)]))
        }
    }

    private func usePasskey(_ guest: GuestRequest) async throws -> Response {
        let result = try await services.accounts.finishSignIn(
            step: step(guest), passkey: guest.passkeyAssertion, from: guest.origin)
        return try await guest.answer(result, refusal: "The passkey was refused. Try again, or type a code.") {
            try await page(guest, guest.form, passkeyFault: $0)
        }
    }

    private func signIn(_ guest: GuestRequest) async throws -> Response {
        guard !services.companies.replacePasswords else { throw APIProblem.passwordsAreOff }
        let result = try await services.accounts.signIn(
            passkey: guest.passkeyAssertion, browser: guest.key, from: guest.origin)
        let refusal = "The passkey was refused. Try again, or sign in with your password."
        return try await guest.answer(result, refusal: refusal) { guest.loginPage(guest.form, passkeyFault: $0) }
    }

    private func step(_ guest: GuestRequest) -> String {
        guest.http.cookie(.step, isSecure: services.settings.isCookieSecure) ?? ""
    }

    private func page(
        _ guest: GuestRequest, _ input: FormInput, passkeyFault: String? = nil
    ) async throws -> FactorSignInView {
        let question = try await services.accounts.factorQuestion(ofStep: step(guest))
        let passkeys = question?.factors.passkeys ?? []
        let party = passkeys.isEmpty ? nil : services.accounts.party
        return FactorSignInView(
            .init(
                input: input, hasApp: question?.factors.hasApp ?? true,
                passkey: party.map {
                    PasskeyQuestion(
                        challenge: question?.challenge ?? "", party: $0.id, known: passkeys.map(\.credential),
                        isAlone: false)
                }, passkeyFault: passkeyFault))
    }
}
