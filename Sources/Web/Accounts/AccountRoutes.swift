internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Providers
internal import Store
internal import Transport

/// Signing in and out, and resetting forgotten passwords.
struct AccountRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.open(.get, "/") { $0.go(to: "/dashboard") }
        routes.open(.get, "/login", showLogin)
        routes.open(.post, "/login", signIn)
        routes.page(.post, "/logout", .needs(.read), signOut)
        routes.open(.get, "/password/forgotten") {
            $0.show(ForgottenPasswordView(FormInput(), isMailPossible: canMail))
        }
        routes.open(.post, "/password/forgotten", sendLink)
        routes.open(.get, "/password/reset/{token}", showReset)
        routes.open(.post, "/password/reset/{token}", reset)
    }

    private func showLogin(_ guest: GuestRequest) async throws -> Response {
        if try await services.accounts.isFresh() { return guest.go(to: "/setup") }
        let input = FormInput(["next": [guest.query("next")]])
        guard let vouched = guest.vouched else { return guest.show(guest.loginPage(input)) }
        let next = Path(untrusted: guest.query("next")) ?? "/dashboard"
        if try await services.session(of: guest.http, vouched: vouched) != nil { return guest.go(to: next) }
        if case .welcome(let session, let key) = try await services.accounts.signIn(
            vouched: vouched, from: guest.origin)
        {
            return try await guest.enter(session, key, at: next)
        }
        let words = "The proxy says that you are \(vouched.prefix(254)), and no user who may sign in has this address."
        return guest.show(guest.loginPage(input.with([FieldFault("", words)])))
    }

    private func signIn(_ guest: GuestRequest) async throws -> Response {
        let form = guest.form
        guard !services.companies.replacePasswords else { throw APIProblem.passwordsAreOff }
        let result = try await services.accounts.signIn(
            email: form["email"].trimmingBlanks(), password: Secret(form["password"]), from: guest.origin)
        // Saying which of the two is wrong would reveal who has an account.
        return try await guest.answer(result, refusal: "The e-mail address or the password is wrong.") {
            guest.loginPage(form.with([FieldFault("", $0)]))
        }
    }

    private func signOut(_ request: WebRequest) async throws -> Response {
        try await services.accounts.signOut(request.session)
        var response = request.go(to: "/login", saying: "You are signed out.")
        response.set(.session, "", for: .zero, isSecure: services.settings.isCookieSecure)
        return response
    }

    private var canMail: Bool { services.canMail }

    private func sendLink(_ guest: GuestRequest) async throws -> Response {
        let email = guest.form["email"].trimmingBlanks()
        guard !services.companies.replacePasswords else { throw APIProblem.passwordsAreOff }
        guard canMail, !email.isEmpty else {
            let fault = FieldFault("email", "Enter the address of your account.")
            return guest.refuse(ForgottenPasswordView(guest.form.with([fault]), isMailPossible: canMail))
        }
        let base = services.settings.baseURL
        try await services.accounts.requestReset(email: email) { "\(base)/password/reset/\($0)" }
        return guest.go(to: "/login", saying: "If there is such an account, a link is on its way to it.")
    }

    private func showReset(_ guest: GuestRequest) async throws -> Response {
        guest.show(try await resetPage(guest, FormInput()))
    }

    private func reset(_ guest: GuestRequest) async throws -> Response {
        guard !services.companies.replacePasswords else { throw APIProblem.passwordsAreOff }
        let password = Secret(guest.form["password"])
        if let fault = PasswordHasher.fault(of: password) {
            return guest.refuse(try await resetPage(guest, FormInput(faults: [FieldFault("password", fault)])))
        }
        guard let user = try await services.accounts.reset(token: guest.parameter("token"), to: password) else {
            throw usedUp
        }
        guard try await !services.accounts.hasFactor(user.id) else {
            return guest.go(to: "/login", saying: "The password is changed. Sign in with it and your second factor.")
        }
        let (session, key) = try await services.accounts.open(user.id, from: guest.origin)
        return try await guest.enter(session, key, at: "/dashboard")
    }

    private func resetPage(_ guest: GuestRequest, _ input: FormInput) async throws -> NewPasswordView {
        let token = guest.parameter("token")
        guard let user = try await services.accounts.owner(ofReset: token) else { throw usedUp }
        let isFirst = try await !services.store.usersWithPassword().contains(user.id)
        return NewPasswordView(email: user.email, action: "/password/reset/\(token)", isFirst: isFirst, input)
    }

    private var usedUp: APIProblem {
        APIProblem(.notFound, "This link has expired", "It works once, and only for some time. Ask for another one.")
    }
}

extension APIProblem {
    static var passwordsAreOff: APIProblem {
        APIProblem(.forbidden, "No passwords here", "Sign in with the company account.")
    }
}

extension GuestRequest {
    /// The form for signing in.
    ///
    /// - Parameter passkeyFault: why a passkey was refused.
    func loginPage(_ input: FormInput, passkeyFault: String? = nil) -> LoginView {
        let companies = services.companyButtons(returningTo: input["next"])
        let accounts = services.accounts
        let question = accounts.party.map {
            PasskeyQuestion(challenge: accounts.challenge(signingInWith: key), party: $0.id, isAlone: true)
        }
        return LoginView(
            input, companies: companies, hasPasswords: !services.companies.replacePasswords, passkey: question,
            passkeyFault: passkeyFault)
    }

    /// Redirects to a web page that needs a session. Sets the session cookie and the proof that this browser knows the
    /// account.
    func enter(_ session: Session, _ key: String, at path: Path) async throws -> Response {
        var response = go(to: path)
        let isSecure = services.settings.isCookieSecure
        if http.cookie(.step, isSecure: services.settings.isCookieSecure) != nil {
            response.set(.step, "", for: .zero, isSecure: isSecure)
        }
        response.set(.session, key, for: Accounts.sessionLength, isSecure: isSecure)
        let version = try await services.store.accessVersion(of: session.userID)
        let proof = services.requestTokens.browserToken(for: session.userID, version)
        let others = (http.cookie(.browser, isSecure: services.settings.isCookieSecure) ?? "").split(separator: ".").map
        { String($0) }.filter { $0 != proof }
        response.set(
            .browser, ([proof] + others.prefix(4)).joined(separator: "."), for: .days(365), isSecure: isSecure)
        return response
    }
}

extension Services {
    /// Whether a provider sends e-mail.
    var canMail: Bool { providers.contains { $0.channels.contains(.email) } }

    /// Whether people can be invited to choose a password.
    var canInvite: Bool { canMail && !companies.replacePasswords }
}
