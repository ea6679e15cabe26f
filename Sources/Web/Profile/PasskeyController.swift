internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /profile/factor/passkeys: the user's passkeys.
struct PasskeyController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.post, "/profile/factor/passkeys", .needs(.read), start)
        routes.page(.post, "/profile/factor/passkeys/new", .needs(.read), create)
        routes.page(.post, "/profile/factor/passkeys/{id}/delete", .needs(.read), remove)
    }

    private func start(_ request: WebRequest) async throws -> Response {
        try await request.changeFactor("passkey") { password in
            let challenge = try await services.accounts.startPasskey(
                of: request.user, password: password, in: request.session.id, from: request.origin
            ).mapError { FieldFault("current", $0.words) }.get()
            return request.show(try await page(request, challenge, FormInput(), fault: nil))
        }
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let form = request.form
        let result = try await services.accounts.finishPasskey(
            of: request.user, name: form["name"].trimmingBlanks(),
            PasskeyCreation(clientData: form["client_data"], attestation: form["attestation"]),
            in: request.session.id, from: request.origin)
        switch result {
        case .success(let codes) where codes.isEmpty:
            return request.go(to: "/profile/factor", saying: "The passkey is there. Your other sessions are ended.")
        case .success(let codes): return request.show(RecoveryCodesView(codes: codes))
        case .failure(let refusal):
            // The challenge is used up or wrong, so the password is asked again.
            return request.go(to: "/profile/factor", saying: refusal.words, isBad: true)
        }
    }

    private func remove(_ request: WebRequest) async throws -> Response {
        let id = request.parameter("id")
        return try await request.changeFactor(id) { password in
            let found = try await services.accounts.removePasskey(
                PasskeyID(id), of: request.user, password: password, from: request.origin)
            return request.go(
                to: "/profile/factor", saying: found ? "The passkey is removed." : "There is no such passkey.",
                isBad: !found)
        }
    }

    private func page(
        _ request: WebRequest, _ challenge: String, _ input: FormInput, fault: String?
    ) async throws -> PasskeyView {
        let accounts = services.accounts
        return PasskeyView(
            .init(
                challenge: challenge, party: accounts.party?.id ?? "",
                handle: accounts.passkeyHandle(of: request.user.id), account: request.user.email,
                person: request.user.name,
                known: try await accounts.factors(of: request.user.id).passkeys.map(\.credential),
                algorithms: Accounts.passkeyAlgorithms, input: input, fault: fault))
    }
}
