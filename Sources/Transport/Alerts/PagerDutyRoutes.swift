internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations

/// PagerDuty's Events API: versions 1 and 2, and change events. Its clients need only a new base URL.
///
/// Responses follow PagerDuty (https://developer.pagerduty.com/docs/send-alert-event): 202 for a stored event, 400 for
/// an invalid one, 503 for one to send again. As at PagerDuty, a wrong routing key is also a 400.
struct PagerDutyRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.post, "/v2/enqueue") { request, _ in await receive(request, "Event processed") }
        routes.on(.post, "/v2/change/enqueue") { request, _ in await receive(request, "Change event processed") }
        routes.on(.post, "/generic/2010-04-15/create_event.json") { request, _ in
            await receive(request, "Event processed")
        }
    }

    private func receive(_ request: Request, _ message: String) async -> Response {
        do {
            let intake = IngestPipeline(services: services)
            let payload = try await intake.payload(of: request)
            let key = payload.routingKey ?? request.routingKey ?? request.sourceKey
            let source = try await intake.source(key)
            let taken = try await intake.take(payload, from: source, as: "pagerduty", key: key ?? "")
            if !taken.outcomes.isEmpty && taken.outcomes.allSatisfy(\.isRejected) {
                return refusal(taken.outcomes.flatMap(\.faults).map { "\($0.field): \($0.explanation)" })
            }
            let dedupKey = taken.decoded.events.first?.dedupKey.rawValue
            return .json(
                PagerDutyAnswer(
                    status: "success", message: message, dedupKey: dedupKey,
                    incidentKey: request.isVersion1 ? dedupKey : nil,
                    errors: nil), status: request.isVersion1 ? .ok : .accepted)
        } catch {
            let problem = apiProblem(from: error)
            switch problem.status.code {
            case 401: return refusal(["routing_key: It is missing or not valid."])
            case 400..<500 where problem.status != .contentTooLarge:
                let faults = problem.errors.map { "\($0.field): \($0.explanation)" }
                return refusal(faults.isEmpty ? [problem.detail] : faults)
            default: return problem.response()
            }
        }
    }

    private func refusal(_ errors: [String]) -> Response {
        .json(
            PagerDutyAnswer(
                status: "invalid event", message: "Event object is invalid", dedupKey: nil, incidentKey: nil,
                errors: errors), status: .badRequest)
    }
}

/// A response in PagerDuty's form.
private struct PagerDutyAnswer: Encodable {
    let status, message: String
    let dedupKey, incidentKey: String?
    let errors: [String]?
}

extension Request {
    fileprivate var isVersion1: Bool { uri.path.hasPrefix("/generic/") }

    /// Newer clients also send the routing key in a header.
    fileprivate var routingKey: String? { HTTPField.Name("X-Routing-Key").flatMap { headers[$0] } }
}
