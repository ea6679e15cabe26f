internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /profile/factor: the user's second factor.
struct FactorController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/profile/factor", .needs(.read)) { $0.show(try await page($0)) }
        routes.page(.post, "/profile/factor", .needs(.read), start)
        routes.page(.post, "/profile/factor/confirm", .needs(.read), confirm)
        routes.page(.post, "/profile/factor/codes", .needs(.read), replaceCodes)
        routes.page(.post, "/profile/factor/delete", .needs(.read), remove)
    }

    private func start(_ request: WebRequest) async throws -> Response {
        guard
            try await services.accounts.startFactor(of: request.user, password: Secret(request.form["current"])) != nil
        else { return request.refuse(try await page(request, wrongPassword)) }
        return request.go(to: "/profile/factor")
    }

    private func confirm(_ request: WebRequest) async throws -> Response {
        let codes = try await services.accounts.confirmFactor(
            of: request.user, code: request.form["code"], keeping: request.session.id)
        guard let codes else {
            let fault = FieldFault("code", "The code is wrong. Compare the clocks of your phone and of the server.")
            return request.refuse(try await page(request, FormInput(faults: [fault])))
        }
        return request.show(FactorView(.codes(codes)))
    }

    private func replaceCodes(_ request: WebRequest) async throws -> Response {
        let password = Secret(request.form["current"])
        guard let codes = try await services.accounts.replaceRecoveryCodes(of: request.user, password: password) else {
            return request.refuse(try await page(request, wrongPassword))
        }
        return request.show(FactorView(.codes(codes)))
    }

    private func remove(_ request: WebRequest) async throws -> Response {
        guard try await services.accounts.removeFactor(of: request.user, password: Secret(request.form["current"]))
        else {
            return request.refuse(try await page(request, wrongPassword))
        }
        return request.go(to: "/profile/security", saying: "The second factor is removed.")
    }

    private var wrongPassword: FormInput { FormInput(faults: [FieldFault("current", "This is not your password.")]) }

    private func page(_ request: WebRequest, _ input: FormInput = FormInput()) async throws -> FactorView {
        switch try await services.accounts.factorState(of: request.user.id) {
        case .on(let left): return FactorView(.on(recoveryCodes: left, input))
        case .none:
            guard let secret = try await services.accounts.pendingFactor(of: request.user) else {
                return FactorView(.off(input))
            }
            let text = OneTimePassword.base32(secret)
            let groups = stride(from: 0, to: text.count, by: 4).map { String(text.dropFirst($0).prefix(4)) }
            let address = OneTimePassword.address(secret: secret, account: request.user.email)
            return FactorView(
                .pending(secret: groups.joined(separator: " "), address: address, QRCode(address), input))
        }
    }
}
