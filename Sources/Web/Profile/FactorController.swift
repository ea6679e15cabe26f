internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /profile/factor: the user's second factor.
struct FactorController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/profile/factor", .needs(.read)) { $0.show(try await $0.factorPage()) }
        routes.page(.post, "/profile/factor", .needs(.read), start)
        routes.page(.post, "/profile/factor/confirm", .needs(.read), confirm)
        routes.page(.post, "/profile/factor/codes", .needs(.read), replaceCodes)
        routes.page(.post, "/profile/factor/delete", .needs(.read), remove)
    }

    private func start(_ request: WebRequest) async throws -> Response {
        try await request.changeFactor("app") { password in
            try await services.accounts.startFactor(of: request.user, password: password, from: request.origin)
            return request.go(to: "/profile/factor")
        }
    }

    private func confirm(_ request: WebRequest) async throws -> Response {
        let codes = try await services.accounts.confirmFactor(
            of: request.user, code: request.form["code"], keeping: request.session.id)
        guard let codes else {
            let fault = FieldFault("code", "The code is wrong. Compare the clocks of your phone and of the server.")
            return request.refuse(try await request.factorPage("confirm", FormInput(faults: [fault])))
        }
        return request.show(RecoveryCodesView(codes: codes))
    }

    private func replaceCodes(_ request: WebRequest) async throws -> Response {
        try await request.changeFactor("codes") { password in
            let codes = try await services.accounts.replaceRecoveryCodes(
                of: request.user, password: password, from: request.origin)
            return request.show(RecoveryCodesView(codes: codes))
        }
    }

    private func remove(_ request: WebRequest) async throws -> Response {
        try await request.changeFactor("delete") { password in
            let found = try await services.accounts.removeApp(
                of: request.user, password: password, from: request.origin)
            return request.go(
                to: "/profile/security", saying: found ? "The app is removed." : "There is no app any more.",
                isBad: !found)
        }
    }
}

extension WebRequest {
    /// Does what needs the password that was typed, or shows the page of the second factors with the fault.
    ///
    /// - Parameter name: the form on that page.
    func changeFactor(_ name: String, _ change: (Secret) async throws -> Response) async throws -> Response {
        do { return try await change(Secret(form["current"])) } catch let fault as FieldFault {
            return refuse(try await factorPage(name, FormInput(faults: [fault])))
        }
    }

    /// The page of the second factors.
    ///
    /// - Parameters:
    ///   - refused: the form that was refused.
    ///   - input: that form.
    func factorPage(_ refused: String = "", _ input: FormInput = FormInput()) async throws -> FactorView {
        let accounts = services.accounts
        let factors = try await accounts.factors(of: user.id)
        var app = FactorView.App.off
        if factors.hasApp {
            app = .on
        } else if let secret = try await accounts.pendingFactor(of: user) {
            let text = OneTimePassword.base32(secret)
            let groups = stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }
            let address = OneTimePassword.address(secret: secret, account: user.email)
            app = .pending(secret: groups.joined(separator: " "), address: address, QRCode(address))
        }
        let isFull = factors.passkeys.count >= Accounts.PasskeyLimits.perUser
        return FactorView(
            .init(
                app: app,
                passkeys: factors.passkeys.map {
                    .init(
                        id: $0.id.rawValue, name: $0.name, created: reader.moment($0.createdAt),
                        used: $0.lastUsedAt.map { reader.moment($0) })
                },
                noPasskeys: accounts.party == nil
                    ? "Passkeys need an address with https and a name (PAGERPAL_BASE_URL)."
                    : isFull ? Accounts.PasskeyRefusal.tooMany.words : nil,
                recoveryCodes: factors.isOn ? factors.recoveryCodes : nil, refused: refused, input: input))
    }
}
