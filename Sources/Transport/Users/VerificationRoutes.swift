package import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations

/// Actions on a contact method: send a code, confirm it, send a test page.
struct VerificationRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/api/v1/contact-methods/{id}"
        routes.on(.post, "\(path)/send-code", .needs(.read)) { _, context in try await sendCode(context) }
        routes.on(.post, "\(path)/verify", .needs(.read)) { request, context in try await verify(request, context) }
        routes.on(.post, "\(path)/test", .needs(.read)) { _, context in try await test(context) }
    }

    private func sendCode(_ context: RouteContext) async throws -> Response {
        let (_, method) = try subject(context)
        do {
            try await services.verification.send(to: method.id)
        } catch {
            throw APIProblem(error)
        }
        return .codeSent
    }

    private func verify(_ request: Request, _ context: RouteContext) async throws -> Response {
        let (caller, method) = try subject(context)
        let code = try await enteredCode(in: request)
        do {
            try await services.verification.confirm(method.id, code: code, by: caller.author)
        } catch {
            throw APIProblem(error)
        }
        let configuration = services.configuration.current
        return .json(
            try await ContactMethodResource().answer(
                configuration.contactMethods[method.id] ?? method, to: caller, configuration, services))
    }

    private func test(_ context: RouteContext) async throws -> Response {
        let (caller, method) = try subject(context)
        let isAdministrator = services.configuration.current.allows(caller.user.id, .administer)
        do {
            let id = try await services.verification.test(method, unverifiedToo: isAdministrator)
            return .json(["notification_id": id.rawValue], status: .accepted)
        } catch {
            throw APIProblem(error)
        }
    }

    private func subject(_ context: RouteContext) throws -> (Caller, ContactMethod) {
        let caller = try context.signedIn
        let configuration = services.configuration.current
        let id = ContactMethodID(context.parameters.get("id") ?? "")
        guard let method = configuration.contactMethods[id], configuration.allows(caller.user.id, .edit(method.userID))
        else {
            throw APIProblem.notFound("such contact method")
        }
        try caller.require(.edit(method.userID), configuration)
        return (caller, method)
    }
}

extension Response {
    /// The answer to a request for a code.
    static var codeSent: Response {
        .json(
            ["status": "sent", "expires_in_seconds": "\(Verification.Limits.lifetime.components.seconds)"],
            status: .accepted)
    }
}

/// The code that a person entered.
func enteredCode(in request: Request) async throws -> String {
    guard let code = try await json(of: request)["code"]?.text else {
        throw APIProblem.invalid("code", "Send the code that arrived.")
    }
    return code
}

extension APIProblem {
    package init(_ fault: Verification.Fault) {
        switch fault {
        case .missing: self = .notFound("such contact method")
        case .tooSoon:
            let pause = "\(Verification.Limits.pause.components.seconds)"
            self.init(
                .tooManyRequests, "Too soon",
                "A code was sent a moment ago. Wait \(pause) seconds before the next one.",
                headers: [.retryAfter: pause])
        case .tooMany:
            self.init(
                .tooManyRequests, "Too many",
                "A person gets at most \(Verification.Limits.codesPerDay) codes and \(Verification.Limits.testsPerDay) "
                    + "test pages in 24 hours. Try again tomorrow.", headers: [.retryAfter: "86400"])
        case .unverified:
            self.init(
                .conflict, "Not verified",
                "Only a verified contact method gets test pages. Verify it with a code first.")
        case .wrongCode:
            self = .invalid(
                "code", "The code is wrong, has expired, or was tried too often. Request a new one.")
        case .configuration(let fault): self.init(fault)
        case .unavailable(let cause): self = .unavailable(cause)
        }
    }
}
