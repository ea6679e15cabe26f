internal import Actors
package import Domain
internal import Hummingbird
package import Store

/// /api/v1/tokens: API tokens without their secrets. Administrators see and revoke everybody's, others their own.
struct TokenRoutes: Sendable {
    struct Answer: Encodable {
        struct Team: Encodable { let id, name: String }

        let id, name, hint, scope: String
        let user: Person
        /// Nil if the token is bound to no team.
        let teams: [Team]?
        let createdAt, expiresAt, lastUsedAt: String?
        /// Set only right after it was created.
        let token: String?

        init(_ token: APIToken, _ configuration: Configuration, text: String? = nil) {
            self.token = text
            id = token.id.rawValue
            name = token.name
            hint = token.hint
            scope = token.scope.rawValue
            user = Person(token.userID, configuration)
            teams = token.teams.map { teams in
                teams.sorted().map { Team(id: $0.rawValue, name: configuration.teams[$0]?.name ?? "") }
            }
            createdAt = token.createdAt?.rfc3339
            expiresAt = token.expiresAt?.rfc3339
            lastUsedAt = token.lastUsedAt?.rfc3339
        }
    }

    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/tokens", .needs(.read)) { request, context in try await list(request, context) }
        routes.on(.post, "/api/v1/users/{id}/tokens", .needs(.administer)) { request, context in
            try await create(request, context)
        }
        routes.on(.delete, "/api/v1/tokens/{id}", .needs(.read)) { _, context in try await revoke(context) }
    }

    private func list(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let configuration = services.configuration.current
        var owner = request.uri.queryParameters["user"].map { UserID(String($0)) }
        if !configuration.allows(caller.user.id, .administer) {
            guard owner == nil || owner == caller.user.id else {
                throw APIProblem.notAllowed(.administer, configuration)
            }
            owner = caller.user.id
        }
        let tokens = try await services.store.tokens(of: owner)
        return .json(ListAnswer(items: tokens.map { Answer($0, configuration) }, next: nil))
    }

    /// Creates a token of a service account and shows it once.
    private func create(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        try caller.requireProof()
        let configuration = services.configuration.current
        guard let user = configuration.users[UserID(context.parameters.get("id") ?? "")] else {
            throw APIProblem.notFound("such user")
        }
        guard user.isService else {
            throw APIProblem(
                .forbidden, "Not allowed", "People make their own tokens, under “Password, sessions, tokens”.")
        }
        let wish = try TokenWish(try await objectBody(of: request), configuration)
        let made = try await services.createToken(wish, of: user, by: caller.author)
        return .json(
            Answer(made.token, configuration, text: made.text), status: .created)
    }

    private func revoke(_ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let mayAll = services.configuration.current.allows(caller.user.id, .administer)
        let id = APITokenID(context.parameters.get("id") ?? "")
        guard try await services.revokeToken(id, of: mayAll ? nil : caller.user.id, by: caller.author) else {
            throw APIProblem.notFound("such token")
        }
        return Response(status: .noContent)
    }
}

extension Services {
    /// Revokes a token and notes it.
    ///
    /// - Parameter user: the owner, or nil for a token of any user.
    /// - Returns: whether there was such a token.
    package func revokeToken(_ id: APITokenID, of user: UserID?, by author: Author) async throws -> Bool {
        guard let token = try await store.deleteToken(id, of: user) else { return false }
        if let owner = configuration.current.users[token.userID] {
            try await accounts.trail.note("the API token “\(token.name)” was revoked", about: owner, by: author)
        }
        return true
    }
}
