internal import Actors
internal import Domain
internal import Formats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store

/// Opsgenie's alert API. Its clients need only a new base URL (https://docs.opsgenie.com/docs/alert-api).
///
/// Opsgenie answers 202 with a request id, and clients ask for the result later. PagerPal finishes the work before it
/// answers and uses the incident's id as the request id, so that every process can report the result.
struct OpsgenieRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/v2/alerts"
        routes.on(.post, path) { request, _ in await receive(request, [:]) }
        routes.on(.get, "\(path)/requests/{id}") { request, context in
            await answer { try await processed(request, context.parameters.get("id") ?? "") }
        }
        routes.on(.get, "\(path)/{identifier}") { request, context in
            await answer { try await show(request, context.parameters.get("identifier") ?? "") }
        }
        routes.on(.delete, "\(path)/{identifier}") { request, context in
            await receive(request, ["identifier": context.parameters.get("identifier") ?? "", "action": "delete"])
        }
        for method in [HTTPRequest.Method.post, .put, .patch, .delete] {
            routes.on(method, "\(path)/{identifier}/{action}") { request, context in
                let names = ["identifier", "action"]
                return await receive(
                    request, Dictionary(uniqueKeysWithValues: names.map { ($0, context.parameters.get($0) ?? "") }))
            }
        }
    }

    private func receive(_ request: Request, _ parameters: [String: String]) async -> Response {
        await answer {
            let intake = IngestPipeline(services: services)
            let key = request.sourceKey ?? request.uri.queryParameters["apiKey"].map { String($0) }
            let source = try await intake.source(key)
            var payload = try await intake.payload(of: request, parameters: decoded(parameters))
            payload.query["apiKey"] = nil
            if let identifier = payload.opsgenieIdentifier, let known = try await find(identifier, source) {
                payload.parameters["identifier"] = known.dedupKey.rawValue
                if known.isOpen {
                    payload.parameters["title"] = known.title
                    payload.parameters["text"] = known.text
                }
            }
            let taken = try await intake.take(payload, from: source, as: "opsgenie", key: key ?? "")
            if !taken.outcomes.isEmpty && taken.outcomes.allSatisfy(\.isRejected) {
                throw APIProblem(PayloadError.unprocessable(taken.outcomes.flatMap(\.faults)))
            }
            let incident = taken.outcomes.lazy.compactMap(\.incident).first
            return .json(
                OpsgenieAnswer<String>(
                    result: "Request will be processed", requestId: incident?.id.rawValue ?? payload.id),
                status: .accepted, names: .asWritten)
        }
    }

    /// Reports the result of a request. A request that found no alert left no trace, so it is not found.
    private func processed(_ request: Request, _ id: String) async throws -> Response {
        let source = try await IngestPipeline(services: services).source(request.sourceKey)
        guard let incident = try await find(.id(id), source) else {
            throw APIProblem(.notFound, "Not found", "Request not found. It might not be processed, yet.")
        }
        let action =
            switch incident.state {
            case .triggered: ("Create", "Created alert")
            case .acknowledged: ("Acknowledge", "Acknowledged alert")
            case .resolved: ("Close", "Closed alert")
            }
        let status = OpsgenieStatus(
            success: true, isSuccess: true, action: action.0, status: action.1, processedAt: incident.updatedAt.rfc3339,
            integrationId: source.id.rawValue, alertId: incident.id.rawValue, alias: incident.dedupKey.rawValue)
        return .json(OpsgenieAnswer(data: status, requestId: id), names: .asWritten)
    }

    private func show(_ request: Request, _ text: String) async throws -> Response {
        let intake = IngestPipeline(services: services)
        let source = try await intake.source(request.sourceKey)
        let payload = try await intake.payload(of: request, parameters: decoded(["identifier": text]))
        guard let identifier = payload.opsgenieIdentifier, let incident = try await find(identifier, source) else {
            throw APIProblem(.notFound, "Not found", "Alert with the given identifier does not exist.")
        }
        return .json(
            OpsgenieAnswer(data: OpsgenieAlert(incident, source), requestId: payload.id), names: .asWritten)
    }

    /// Finds the incident of this source. An alias names the open incident, or else the latest one.
    private func find(_ identifier: OpsgenieIdentifier, _ source: AlertSource) async throws -> Incident? {
        var found: Incident?
        switch identifier {
        case .id(let id):
            found = try await services.store.incident(IncidentID(id))
            if found == nil { found = try await named(id, source) }
        case .tiny(let number): found = try await services.store.incident(number: number)
        case .alias(let alias): found = try await named(alias, source)
        }
        return found.flatMap { $0.sourceID == source.id ? $0 : nil }
    }

    private func named(_ alias: String, _ source: AlertSource) async throws -> Incident? {
        try await services.store.incident(
            source: source.id, team: source.teamID, key: DedupKey(alias), resolvedSince: Timestamp(seconds: 0))
    }

    /// Decodes identifiers, which clients percent-encode because they may contain any character.
    private func decoded(_ parameters: [String: String]) -> [String: String] {
        parameters.mapValues { $0.removingPercentEncoding ?? $0 }
    }

    /// Converts problems to Opsgenie's form.
    private func answer(_ body: () async throws -> Response) async -> Response {
        do {
            return try await body()
        } catch {
            let problem = apiProblem(from: error)
            guard problem.status.code < 500 else { return problem.response() }
            let faults = Dictionary(problem.errors.map { ($0.field, $0.explanation) }) { first, _ in first }
            let message = problem.status == .unauthorized ? "Could not authenticate" : problem.detail
            return .json(
                OpsgenieAnswer<String>(message: message, errors: faults.isEmpty ? nil : faults, requestId: ""),
                status: problem.status, names: .asWritten)
        }
    }
}

/// A response in Opsgenie's form.
private struct OpsgenieAnswer<Content: Encodable>: Encodable {
    var result: String?
    var data: Content?
    var message: String?
    var errors: [String: String]?
    /// Seconds. Clients ignore it.
    var took = 0.0
    let requestId: String
}

private struct OpsgenieStatus: Encodable {
    let success, isSuccess: Bool
    let action, status, processedAt, integrationId, alertId, alias: String
}

private struct OpsgenieAlert: Encodable {
    let id, tinyId, alias, message, status, description, priority, source: String
    let acknowledged, isSeen: Bool
    let count: Int
    let createdAt, updatedAt, lastOccurredAt: String

    init(_ incident: Incident, _ origin: AlertSource) {
        id = incident.id.rawValue
        tinyId = String(incident.number)
        alias = incident.dedupKey.rawValue
        message = incident.title
        status = incident.isOpen ? "open" : "closed"
        description = incident.text
        priority =
            switch incident.severity {
            case .critical: "P1"
            case .error: "P2"
            case .warning: "P3"
            case .info: "P5"
            }
        source = origin.name
        acknowledged = incident.state.name == .acknowledged
        isSeen = acknowledged
        count = incident.alertCount
        createdAt = incident.openedAt.rfc3339
        updatedAt = incident.updatedAt.rfc3339
        lastOccurredAt = incident.lastAlertAt.rfc3339
    }
}
