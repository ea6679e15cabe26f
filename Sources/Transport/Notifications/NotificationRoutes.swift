internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore
internal import Providers
internal import Store

/// /api/v1/notifications: the log of pages, and retries. /api/v1/receipts: delivery reports of providers.
struct NotificationRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/notifications") { request, _ in try await list(request) }
        routes.on(.post, "/api/v1/notifications/{id}/retry") { request, context in try await retry(request, context) }
        routes.on(.post, "/api/v1/receipts/infobip") { request, _ in try await reports(request) }
    }

    private func list(_ request: Request) async throws -> Response {
        _ = try await services.caller(of: request)
        let query = request.uri.queryParameters
        var filter = PageFilter()
        filter.states = Set(try words(query["state"], "state") { Page.State(rawValue: $0) })
        filter.channel = try words(query["channel"], "channel") { Channel(rawValue: $0) }.first
        filter.user = query["user"].map { UserID(String($0)) }
        filter.before = query["cursor"].map { PageID(String($0)) }
        filter.limit = try number(query["limit"], "limit", in: 1...200) ?? 50
        let pages = try await services.store.pages(filter)
        let configuration = services.configuration.current
        let next = pages.count == filter.limit ? pages.last?.page.id.rawValue : nil
        return .json(ListAnswer(items: pages.map { PageAnswer($0, configuration: configuration) }, next: next))
    }

    private func retry(_ request: Request, _ context: RouteContext) async throws -> Response {
        _ = try await services.caller(of: request, .respond)
        let id = PageID(context.parameters.get("id") ?? "")
        guard let known = try await services.store.page(id) else { throw APIProblem.notFound("such notification") }
        guard let page = try await services.pages.retry(id) else {
            throw APIProblem(
                .conflict, "Not possible now",
                "The notification is \(known.page.state.rawValue). Only failed, withheld and cancelled ones can be retried."
            )
        }
        return .json(PageAnswer(page, configuration: services.configuration.current), status: .created)
    }

    /// Receives Infobip's delivery reports. An unreadable body gets an answer that Infobip does not retry.
    private func reports(_ request: Request) async throws -> Response {
        let header = HTTPField.Name("X-Receipt-Token").flatMap { request.headers[$0] }
        let given = header ?? request.credentials ?? request.uri.queryParameters["token"].map { String($0) } ?? ""
        guard let token = services.settings.receiptToken, isSame(token.reveal(), given) else {
            throw APIProblem(.unauthorized, "Not authorized", "The receipt token is missing or wrong.")
        }
        var request = request
        let body = try await request.collectBody(upTo: Payload.Limits.body)
        do {
            try await services.pages.apply(try InfobipReports.decode(Array(body.readableBytesView)))
        } catch let error as InfobipReports.Unreadable {
            throw APIProblem(.badRequest, "Malformed body", error.description)
        }
        return Response(status: .noContent)
    }
}
