internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird

/// POST /api/v1/alert-sources/{id}/regenerate creates a new key and shows it once. The old key stops working at once.
struct SourceKeyRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        // The second one is the old API's name.
        for name in ["regenerate", "regenerate-key"] {
            routes.on(.post, "/api/v1/alert-sources/{id}/\(name)", SourceResource.door, forTeams: true) { _, context in
                try await regenerate(context)
            }
        }
    }

    private func regenerate(_ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let id = SourceID(context.parameters.get("id") ?? "")
        let key = services.keys.key()
        let configuration = try await services.change(by: caller.author) { configuration in
            guard var source = configuration.sources[id], caller.sees(source.teamID) else {
                throw APIProblem.notFound("such alert source")
            }
            try caller.require(.configure(source.teamID), configuration)
            source.setKey(key)
            return [.save(source)]
        }
        guard let source = configuration.sources[id] else { throw APIProblem.notFound("such alert source") }
        let kind = SourceResource(keys: services.keys, freshKey: key)
        return .json(try await kind.answer(source, to: caller, configuration, services))
    }
}
