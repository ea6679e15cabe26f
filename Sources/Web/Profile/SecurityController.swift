internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /profile/security: the user's password, sessions and API tokens.
struct SecurityController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/profile/security", .needs(.read)) { request in
            request.show(try await page(request, freshToken: request.freshSecret))
        }
        routes.page(.post, "/profile/password", .needs(.read), changePassword)
        routes.page(.post, "/profile/email", .needs(.read), requestEmail)
        routes.page(.get, "/profile/email/{token}", .needs(.read), showEmail)
        routes.page(.post, "/profile/email/{token}", .needs(.read), confirmEmail)
        routes.page(.post, "/profile/sessions/{id}/end", .needs(.read), endSession)
        routes.page(.post, "/profile/sessions/end-others", .needs(.read), endOthers)
        routes.page(.post, "/profile/tokens", .needs(.read), createToken)
        routes.page(.post, "/profile/tokens/{id}/delete", .needs(.read), deleteToken)
    }

    private func changePassword(_ request: WebRequest) async throws -> Response {
        do {
            try await services.accounts.changePassword(
                of: request.user, current: Secret(request.form["current"]), to: Secret(request.form["password"]),
                keeping: request.session.id, from: request.origin)
        } catch let fault as FieldFault {
            return request.refuse(try await page(request, password: FormInput(faults: [fault])))
        }
        return request.go(to: "/profile/security", saying: "The password is changed, your other sessions are ended.")
    }

    private func requestEmail(_ request: WebRequest) async throws -> Response {
        let base = services.settings.baseURL
        let faults = try await services.accounts.requestEmailChange(
            of: request.user, to: request.form["email"].trimmingBlanks(), password: Secret(request.form["current"]),
            from: request.origin
        ) { "\(base)/profile/email/\($0)" }
        guard faults.isEmpty else {
            return request.refuse(try await page(request, newEmail: request.form.with(faults)))
        }
        return request.go(to: "/profile/security", saying: "A link was sent to \(request.form["email"]).")
    }

    private func showEmail(_ request: WebRequest) async throws -> Response {
        let token = request.parameter("token")
        guard let email = try await services.accounts.address(ofEmailChange: token, of: request.user.id) else {
            throw usedUp
        }
        return request.show(EmailChangeView(email: email, action: "/profile/email/\(token)"))
    }

    private func confirmEmail(_ request: WebRequest) async throws -> Response {
        guard try await services.accounts.confirmEmailChange(token: request.parameter("token"), of: request.user) else {
            throw usedUp
        }
        return request.go(to: "/profile/security", saying: "You sign in with the new address from now on.")
    }

    private var usedUp: APIProblem {
        APIProblem(
            .notFound, "This link has expired",
            "It works once, for 30 minutes, and for the user who asked for it. Ask for another one.")
    }

    private func endSession(_ request: WebRequest) async throws -> Response {
        try await services.store.endSession(SessionID(request.parameter("id")), of: request.user.id)
        return request.go(to: "/profile/security", saying: "The session is ended.")
    }

    private func endOthers(_ request: WebRequest) async throws -> Response {
        try await services.store.endSessions(of: request.user.id, except: request.session.id)
        return request.go(to: "/profile/security", saying: "All other sessions are ended.")
    }

    private func createToken(_ request: WebRequest) async throws -> Response {
        let (wish, found) = request.tokenWish()
        var faults = found
        if faults.isEmpty, let fault = try await request.proofFault() { faults = [fault] }
        guard faults.isEmpty else {
            return request.refuse(try await page(request, newToken: request.form.with(faults)))
        }
        let made = try await services.createToken(
            wish, of: request.user, by: request.author, from: request.origin.address)
        return request.go(to: "/profile/security", showing: made.text)
    }

    private func deleteToken(_ request: WebRequest) async throws -> Response {
        if let token = try await services.store.deleteToken(APITokenID(request.parameter("id")), of: request.user.id) {
            try await request.note("the API token “\(token.name)” was revoked")
        }
        return request.go(to: "/profile/security", saying: "The token is revoked.")
    }

    private func page(
        _ request: WebRequest, password: FormInput = FormInput(), newEmail: FormInput = FormInput(),
        newToken: FormInput = FormInput(["scope": "read", "days": "90"]),
        freshToken: String? = nil
    ) async throws -> SecurityView {
        let sessions = try await services.store.sessions(of: request.user.id, at: request.now)
        let tokens = try await services.store.tokens(of: request.user.id)
        let reader = request.reader
        return SecurityView(
            .init(
                email: request.user.email, password: password, newEmail: newEmail,
                sessions: sessions.map { session in
                    .init(
                        id: session.id.rawValue, agent: session.browser, address: session.address,
                        seen: reader.moment(session.lastSeenAt), isThis: session.id == request.session.id)
                },
                tokens: tokens.map { TokenLine($0, reader, request.configuration) }, newToken: newToken,
                teams: request.allTeams, proof: try await request.proof(at: "/profile/security"),
                freshToken: freshToken))
    }
}

extension WebRequest {
    /// Notes a security event of the user in the audit log.
    fileprivate func note(_ text: String) async throws {
        try await services.accounts.trail.note(text, about: user, by: author, from: origin.address)
    }
}
