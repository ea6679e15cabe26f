internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations

/// /api/v1/users/{id}/notification-rules: all of a user's rules for each urgency.
struct RuleRoutes: Sendable {
    struct Answer: Encodable {
        struct Rule: Encodable {
            let id, urgency: String
            let delaySeconds: Int64
            let contactMethodId: String
        }

        /// Whether these are the usual rules, which apply while the user has none.
        let isDefault: Bool
        let rules: [Rule]
    }

    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/api/v1/users/{id}/notification-rules"
        routes.on(.get, path, .needs(.read)) { request, context in try show(request, context) }
        routes.on(.put, path, .needs(.read)) { request, context in try await replace(request, context) }
    }

    private func show(_ request: Request, _ context: RouteContext) throws -> Response {
        let (_, user) = try subject(request, context)
        return answer(user, services.configuration.current)
    }

    /// Replaces the rules. An empty list restores the usual rules.
    private func replace(_ request: Request, _ context: RouteContext) async throws -> Response {
        let (caller, user) = try subject(request, context)
        let body = try await objectBody(of: request)
        let configuration = try await services.change(by: caller.author) { configuration in
            var rules: [NotificationRule] = []
            var reader = FieldReader(configuration.withIDs(body))
            reader.read("rules", into: &rules) { reader in
                var rule = NotificationRule(
                    id: services.configurator.identifiers.next(), userID: user, urgency: .high, delay: .zero,
                    contactMethodID: "")
                reader.read("urgency", into: &rule.urgency)
                reader.read("delay_seconds", into: &rule.delay)
                reader.read("contact_method_id", into: &rule.contactMethodID)
                reader.ignore(["id"])
                reader.require("urgency", "contact_method_id")
                return rule
            }
            reader.require("rules")
            reader.ignore(["is_default"])
            try reader.end()
            return [.saveRules(user, rules)]
        }
        return answer(user, configuration)
    }

    private func subject(_ request: Request, _ context: RouteContext) throws -> (Caller, UserID) {
        let user = UserID(context.parameters.get("id") ?? "")
        let caller = try context.signedIn
        guard services.configuration.current.users[user] != nil else { throw APIProblem.notFound("such user") }
        guard services.configuration.current.allows(caller.user.id, .edit(user)) else {
            throw APIProblem.notAllowed(.edit(user), services.configuration.current)
        }
        if request.method != .get { try caller.require(.edit(user), services.configuration.current) }
        return (caller, user)
    }

    private func answer(_ user: UserID, _ configuration: Configuration) -> Response {
        let own = configuration.rules[user] ?? []
        let rules = own.isEmpty ? configuration.usualRules(of: user) : own
        return .json(
            Answer(
                isDefault: own.isEmpty,
                rules: rules.map {
                    .init(
                        id: $0.id.rawValue, urgency: $0.urgency.rawValue, delaySeconds: $0.delay.components.seconds,
                        contactMethodId: $0.contactMethodID.rawValue)
                }))
    }
}
