internal import Actors
internal import HTTPTypes
internal import Hummingbird
internal import Store
internal import Transport

/// /login/company and below: signing in with the account at a company's provider.
struct CompanyRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.open(.get, "/login/company") { try await begin($0, at: nil) }
        routes.open(.get, "/login/company/back") { try await finish($0, at: nil) }
        routes.open(.get, "/login/company/{name}") { try await begin($0, at: $0.parameter("name")) }
        routes.open(.get, "/login/company/{name}/back") { try await finish($0, at: $0.parameter("name")) }
    }

    private func provider(_ id: String?) throws(APIProblem) -> IdentityProvider {
        guard let provider = services.companies[id] else { throw APIProblem.notFound("such sign-in") }
        return provider
    }

    /// Where a provider sends browsers back. Each has its own address, so that none can send the answer of another.
    private func redirect(from provider: IdentityProvider) -> String {
        "\(services.settings.baseURL)\(provider.settings.path.text)/back"
    }

    private func begin(_ guest: GuestRequest, at id: String?) async throws -> Response {
        let provider = try provider(id)
        let next = (Path(untrusted: guest.query("next")) ?? "/dashboard").text
        do {
            let begun = try await services.accounts.beginCompanySignIn(
                at: provider, next: next, redirect: redirect(from: provider), again: guest.query("again") == "1")
            var response = Response(
                status: .seeOther, headers: [.location: begun.address, .cacheControl: "no-store"])
            response.set(
                .company, begun.cookie, for: Accounts.companyLength, isSecure: services.settings.isCookieSecure)
            return response
        } catch let failure as IdentityProvider.Failure {
            let service = id.map { "the sign-in service \($0)" } ?? "the sign-in service"
            services.accounts.trail.log(
                "\(service) could not be asked: \(failure.description)", from: guest.origin.address)
            return guest.go(
                to: "/login", saying: "The sign-in service can't be reached. The log says why. Try again later.",
                isBad: true)
        }
    }

    private func finish(_ guest: GuestRequest, at id: String?) async throws -> Response {
        let provider = try provider(id)
        let isSecure = services.settings.isCookieSecure
        let issuer = guest.query("iss")
        let result = try await services.accounts.finishCompanySignIn(
            at: provider, of: services.companies, cookie: guest.http.cookie(.company, isSecure: isSecure) ?? "",
            state: guest.query("state"), code: guest.query("code"), issuer: issuer.isEmpty ? nil : issuer,
            redirect: redirect(from: provider), from: guest.origin)
        var response: Response
        switch result {
        case .refused(let words): response = guest.go(to: "/login", saying: words, isBad: true)
        case .welcome(let session, let key, let next):
            response = try await guest.enter(session, key, at: Path(untrusted: next) ?? "/dashboard")
        }
        response.set(.company, "", for: .zero, isSecure: isSecure)
        return response
    }
}

extension IdentityProvider.Settings {
    /// Where a sign-in with this provider begins.
    fileprivate var path: Path { id.map { "/login/company/\($0)" } ?? "/login/company" }
}

/// A link that begins a sign-in with a company's provider.
struct CompanyButton: Sendable {
    var path: Path
    var name: String

    var html: HTML { linkButton(path, "Sign in with \(name)") }
}

extension Services {
    /// The buttons of the sign-in services.
    ///
    /// - Parameters:
    ///   - next: the path to open afterwards.
    ///   - again: whether the person must prove who it is, also if the service knows the browser.
    ///   - issuers: nil for all services.
    func companyButtons(
        returningTo next: String, again: Bool = false, of issuers: Set<String>? = nil
    ) -> [CompanyButton] {
        companies.all.map(\.settings).filter { issuers?.contains($0.issuer) ?? true }.map { settings in
            CompanyButton(
                path: settings.path.with([("next", next), ("again", again ? "1" : "")]), name: settings.name)
        }
    }
}
