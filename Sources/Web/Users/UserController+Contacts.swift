internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

extension UserController {
    /// A user's contact methods. Only the user and administrators may change them.
    func addContacts(to routes: RouteTable) {
        let path = "/users/{id}/contact-methods"
        routes.page(.post, path, .needs(.read), addContact)
        routes.page(.post, "\(path)/{method}/enabled", .needs(.read), toggleContact)
        routes.page(.post, "\(path)/{method}/delete", .needs(.read), deleteContact)
        routes.page(.post, "\(path)/{method}/code", .needs(.read), sendCode)
        routes.page(.post, "\(path)/{method}/verification", .needs(.read), verify)
    }

    private func addContact(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        try request.require(.edit(person.id))
        if let fault = try await request.proofFault() {
            return request.refuse(UserView(try await request.model(of: person, request.form.with([fault]))))
        }
        let (method, faults) = await request.addMethod(for: person.id)
        guard method != nil else {
            return request.refuse(UserView(try await request.model(of: person, request.form.with(faults))))
        }
        return request.go(
            to: "/users/\(person.id)", saying: "Added. Verify it with a code before it gets pages.")
    }

    private func toggleContact(_ request: WebRequest) async throws -> Response {
        let method = try request.contactMethod()
        try await request.change { configuration in
            guard var stored = configuration.contactMethods[method.id] else {
                throw APIProblem.notFound("such contact method")
            }
            stored.isEnabled = !method.isEnabled
            return [.save(stored)]
        }
        let words = "\(method.address) is \(method.isEnabled ? "disabled" : "enabled")."
        return request.go(to: "/users/\(method.userID)", saying: words)
    }

    private func deleteContact(_ request: WebRequest) async throws -> Response {
        let method = try request.contactMethod()
        try await request.change { configuration in
            guard configuration.contactMethods[method.id] != nil else {
                throw APIProblem.notFound("such contact method")
            }
            return [.delete(.contactMethod(method.id))]
        }
        return request.go(to: "/users/\(method.userID)", saying: "\(method.address) is deleted.")
    }

    private func sendCode(_ request: WebRequest) async throws -> Response {
        let method = try request.contactMethod()
        return try await request.sendCode(to: method, from: "/users/\(method.userID)")
    }

    private func verify(_ request: WebRequest) async throws -> Response {
        let method = try request.contactMethod()
        if let fault = try await request.confirm(method) {
            let input = request.form.setting("method", method.id.rawValue).with([fault])
            return request.refuse(UserView(try await request.model(of: try request.person(), input)))
        }
        return request.go(to: "/users/\(method.userID)", saying: "\(method.address) is verified and gets pages.")
    }
}

extension WebRequest {
    /// The contact method with the id in the path, if the caller may change it and it belongs to the user in the path.
    fileprivate func contactMethod() throws(APIProblem) -> ContactMethod {
        let person = try person()
        try require(.edit(person.id))
        guard let method = configuration.contactMethods[ContactMethodID(parameter("method"))],
            method.userID == person.id
        else {
            throw APIProblem.notFound("such contact method")
        }
        return method
    }
}
