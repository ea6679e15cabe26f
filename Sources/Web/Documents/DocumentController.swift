internal import HTTPTypes
internal import Hummingbird
internal import Transport

/// /docs: the documents of this version. Anyone may read them, since they say nothing about the installation.
struct DocumentController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let paths = routes.paths
        routes.open(.get, "/docs") { try await show("start", to: $0, paths) }
        routes.open(.get, "/docs/{name}") { request in
            try await show(request.context.parameters.get("name") ?? "", to: request, paths)
        }
    }

    private func show(_ name: String, to request: GuestRequest, _ paths: KnownPaths) async throws -> Response {
        guard let document = Document.all.first(where: { $0.name == name }) else {
            throw APIProblem.notFound("such document")
        }
        var frame = request.frame
        // A signed-in reader keeps the navigation.
        if let known = try await services.session(of: request.http, vouched: request.vouched) {
            frame = frame.entered(by: known.user, key: known.key, services, paths)
        }
        let page = DocumentView(document, style: Asset.documentStyle)
        return .page(frame.html(page))
    }
}
