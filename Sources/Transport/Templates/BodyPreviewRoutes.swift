internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird

/// POST /api/v1/webhook-bodies/preview: what a webhook would get with a body of its own, which is not stored.
struct BodyPreviewRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.on(.post, "/api/v1/webhook-bodies/preview", .needs(.read)) { request, context in
            try await preview(request, to: try context.signedIn)
        }
    }

    private func preview(_ request: Request, to caller: Caller) async throws -> Response {
        var reader = FieldReader(try await objectBody(of: request))
        var body = BodyTemplate()
        reader.read("body", into: &body.text)
        reader.read("content_type", into: &body.contentType)
        reader.require("body")
        try reader.end()
        if let fault = body.fault { throw ConfigurationFault.invalid([fault]) }
        let now = services.time.now()
        let samples =
            services.messageWriter.bodies(of: body, for: caller.user, at: now)
            + services.postComposer.bodies(of: body, at: now)
        return .json(
            .members([
                ("content_type", .string(body.header)),
                (
                    "messages",
                    .array(samples.map { .members([("type", .string($0.type)), ("body", .string($0.body))]) })
                ),
            ]))
    }
}
