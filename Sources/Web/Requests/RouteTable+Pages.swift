internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Store
internal import Transport

extension RouteTable {
    /// Adds a web page or the target of its form. Users who are not signed in must sign in first, then return to it.
    func page(
        _ method: HTTPRequest.Method, _ path: String, _ access: Access,
        _ handler: @escaping @Sendable (WebRequest) async throws -> Response
    ) {
        let (services, paths) = (services, paths)
        add(method, path, access) { request, context in
            let frame = services.frame(for: request, paths)
            do {
                try services.checkHost(of: request)
                // The session comes first, so that nobody else can make this process read a large form.
                let vouched = services.vouchedAddress(request, context)
                guard let known = try await services.session(of: request, vouched: vouched) else {
                    return try signInFirst(request)
                }
                let form = try await formInput(of: request)
                let asked = WebRequest(
                    http: request, context: context, services: services, form: form, user: known.user,
                    session: known.session, frame: frame.entered(by: known.user, key: known.key, services, paths))
                do {
                    let configuration = services.configuration.current
                    guard configuration.admits(known.user.id, access) else {
                        throw APIProblem.notAllowed(access, configuration)
                    }
                    try checkToken(of: asked)
                    if !isOpenWithoutFactor(path), try await asked.lacksFactor() {
                        return asked.go(
                            to: "/profile/factor", saying: "Your role needs a second factor. Set it up first.",
                            isBad: true)
                    }
                    return try await handler(asked)
                } catch {
                    return asked.show(error, request, context)
                }
            } catch {
                return GuestRequest(request, context, services, FormInput(), frame).show(error, request, context)
            }
        }
    }

    /// Adds a web page that anyone may open without signing in.
    func open(
        _ method: HTTPRequest.Method, _ path: String,
        _ handler: @escaping @Sendable (GuestRequest) async throws -> Response
    ) {
        let (services, paths) = (services, paths)
        add(method, path, .anyone) { request, context in
            let frame = services.frame(for: request, paths)
            do {
                try services.checkHost(of: request)
                let guest = GuestRequest(
                    request, context, services, try await formInput(of: request, limit: strangersForm), frame)
                try checkToken(of: guest)
                return try await handler(guest)
            } catch {
                return GuestRequest(request, context, services, FormInput(), frame).show(error, request, context)
            }
        }
    }
}

/// The largest form in bytes that needs no session: an address, a password and a path.
private let strangersForm = 16_384

extension GuestRequest {
    init(_ request: Request, _ context: RouteContext, _ services: Services, _ form: FormInput, _ frame: Frame) {
        let key = request.cookie(.guest, isSecure: services.settings.isCookieSecure) ?? services.keys.key()
        var frame = frame
        frame.tokens = services.requestTokens.formTokens(for: key)
        self.init(http: request, context: context, services: services, form: form, frame: frame, key: key)
    }
}

/// A form must carry the token that only PagerPal's own web pages contain.
private func checkToken(of request: some BrowserRequest) throws(APIProblem) {
    guard !request.http.method.isSafe else { return }
    guard request.frame.tokens.contains(where: { isSame(request.form["token"], $0) }) else {
        throw APIProblem(
            .forbidden, "This form is too old", "Go back, reload the page, and send the form again.")
    }
}

/// What a user may open before the second factor that the user must have is set up.
private func isOpenWithoutFactor(_ path: String) -> Bool { path == "/logout" || path.hasPrefix("/profile/factor") }

extension WebRequest {
    fileprivate func lacksFactor() async throws -> Bool {
        guard services.settings.needsFactor(user), !session.isByCompany else { return false }
        return try await !services.accounts.hasFactor(user.id)
    }
}

/// Redirects to the sign-in form and then back. The form's content is lost, so a POST returns to its web page.
private func signInFirst(_ request: Request) throws -> Response {
    if request.headers[.init("X-Refresh") ?? .accept] == "1" {
        throw APIProblem(.unauthorized, "Signed out", "Sign in again.")
    }
    let target = request.method.isSafe ? request.uri.description : "/dashboard"
    return Response(
        status: .seeOther,
        headers: [.location: Path("/login").with([("next", target)]).text, .cacheControl: "no-store"])
}

extension BrowserRequest {
    /// Shows an error as a web page.
    fileprivate func show(_ error: any Error, _ request: Request, _ context: RouteContext) -> Response {
        let problem = apiProblem(from: error)
        if problem.status.code >= 500 { log(error, problem, request, context) }
        return show(ErrorView(title: problem.title, explanation: problem.detail), status: problem.status)
    }
}

extension Services {
    /// The frame of a web page before the user is known.
    func frame(for request: Request, _ paths: KnownPaths) -> Frame {
        Frame(
            assets: Asset.frame, reader: Reader(now: time.now(), timeZone: "UTC"),
            flash: request.flash(isSecure: settings.isCookieSecure),
            isSendingEnabled: settings.isSendingEnabled)
    }
}

extension Frame {
    /// The frame for a signed-in user. The navigation shows what exists and what the user may open.
    func entered(by user: User, key: String, _ services: Services, _ paths: KnownPaths) -> Frame {
        let configuration = services.configuration.current
        var frame = self
        frame.reader = Reader(now: frame.reader.now, timeZone: user.timeZone, form: user.clock)
        frame.viewer = Viewer(name: user.name, role: user.role)
        frame.tokens = services.requestTokens.formTokens(for: key)
        frame.sections = Set(
            Section.allCases.filter { section in
                paths.access(toRead: section.path.text).map { configuration.admits(user.id, $0) } ?? false
            })
        return frame
    }
}
