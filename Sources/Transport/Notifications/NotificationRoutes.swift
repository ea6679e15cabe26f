internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore
internal import Providers
internal import Store

/// /api/v1/notifications: the log of pages, and retries. /api/v1/receipts: delivery reports of providers. /api/v1/inbound:
/// texts from people.
struct NotificationRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/notifications") { request, _ in try await list(request) }
        routes.on(.post, "/api/v1/notifications/{id}/retry") { request, context in try await retry(request, context) }
        routes.on(.post, "/api/v1/inbound/infobip") { request, _ in try await replies(request) }
        routes.on(.post, "/api/v1/receipts/infobip") { request, _ in try await reports(request) }
        routes.on(.post, "/api/v1/receipts/{vendor}") { request, context in try await calls(request, context) }
    }

    private func list(_ request: Request) async throws -> Response {
        let caller = try await services.caller(of: request, forTeams: true)
        let reader = caller.user.id
        let query = request.uri.queryParameters
        var filter = PageFilter()
        filter.states = Set(try words(query["state"], "state") { Page.State(rawValue: $0) })
        filter.channel = try words(query["channel"], "channel") { Channel(rawValue: $0) }.first
        filter.user = query["user"].map { UserID(String($0)) }
        filter.teams = caller.teams
        filter.before = query["cursor"].map { PageID(String($0)) }
        filter.limit = try number(query["limit"], "limit", in: 1...200) ?? 50
        let pages = try await services.store.pages(filter)
        let configuration = services.configuration.current
        let next = pages.count == filter.limit ? pages.last?.page.id.rawValue : nil
        return .json(ListAnswer(items: pages.map { PageAnswer($0, to: reader, configuration) }, next: next))
    }

    private func retry(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try await services.caller(of: request, .respond, forTeams: true)
        let reader = caller.user.id
        let id = PageID(context.parameters.get("id") ?? "")
        guard let known = try await services.store.page(id), caller.sees(known.teamID) else {
            throw APIProblem.notFound("such notification")
        }
        guard let page = try await services.pages.retry(id) else {
            throw APIProblem(
                .conflict, "Not possible now",
                "The notification is \(known.page.state.rawValue). Only failed, withheld and cancelled ones can be retried, "
                    + "and a code or a link only until it was used or has failed."
            )
        }
        return .json(PageAnswer(page, to: reader, services.configuration.current), status: .created)
    }

    /// Receives the call of a vendor that proves itself by a signature or by what it knows.
    private func calls(_ request: Request, _ context: RouteContext) async throws -> Response {
        let name = context.parameters.get("vendor") ?? ""
        let vendors = services.providers.flatMap(\.vendors).compactMap { ($0 as? HTTPProvider)?.reporting }
        guard let vendor = vendors.first(where: { $0.name == name }) else {
            throw APIProblem.notFound("vendor that reports here")
        }
        let signature = HTTPField.Name("X-Twilio-Signature").flatMap { request.headers[$0] }
        let url = services.settings.baseURL + request.uri.string
        var request = request
        let body = try await request.collectBody(upTo: NotificationRoutes.callLimit)
        let fields = Dictionary(
            (Form.fields(of: Array(body.readableBytesView)) ?? []).map { ($0.name, $0.value) }
        ) { first, _ in first }
        let call = VendorReportCall(url: url, signature: signature, form: fields)
        do {
            try await services.pages.apply(try vendor.reports(in: call))
        } catch let refusal as VendorReportRefusal {
            switch refusal {
            case .notAuthentic: throw APIProblem(.unauthorized, "Not authorized", "The signature is missing or wrong.")
            case .unreadable(let words): throw APIProblem(.badRequest, "Malformed body", words)
            }
        }
        let answer = vendor.reportAnswer(to: call)
        guard let body = answer.body, let type = answer.contentType else { return Response(status: .noContent) }
        return Response(status: .ok, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: body)))
    }

    /// The longest call of a vendor, in bytes.
    private static let callLimit = 64 * 1024

    /// Receives Infobip's delivery reports. An unreadable body gets an answer that Infobip does not retry.
    private func reports(_ request: Request) async throws -> Response {
        let body = try await infobipBody(request)
        do {
            try await services.pages.apply(try InfobipReports.decode(body))
        } catch let error as InfobipReports.Unreadable {
            throw APIProblem(.badRequest, "Malformed body", error.description)
        }
        return Response(status: .noContent)
    }

    /// Receives texts that people send to Infobip's numbers.
    private func replies(_ request: Request) async throws -> Response {
        let body = try await infobipBody(request)
        do {
            try await services.replies.take(try InfobipInbound.decode(body))
        } catch let error as InfobipReports.Unreadable {
            throw APIProblem(.badRequest, "Malformed body", error.description)
        }
        return Response(status: .noContent)
    }

    /// Checks the token that proves that Infobip calls, and returns the body.
    private func infobipBody(_ request: Request) async throws -> [UInt8] {
        let header = HTTPField.Name("X-Receipt-Token").flatMap { request.headers[$0] }
        let given = header ?? request.credentials ?? request.uri.queryParameters["token"].map { String($0) } ?? ""
        guard let token = services.settings.receiptToken, isSame(token.reveal(), given) else {
            throw APIProblem(.unauthorized, "Not authorized", "The receipt token is missing or wrong.")
        }
        var request = request
        return Array(try await request.collectBody(upTo: Payload.Limits.body).readableBytesView)
    }
}
