internal import Actors
internal import Domain
internal import Hummingbird
internal import NIOCore
internal import Senders

/// POST /api/v1/alerts: alerts of monitoring systems. Nothing is answered 2xx before it is committed.
struct AlertRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.on(.post, "/api/v1/alerts") { request, _ in try await receive(request) }
    }

    private func receive(_ request: Request) async throws -> Response {
        guard let key = request.sourceKey, let source = try await services.roster.source(key: key) else {
            throw Problem.wrongKey
        }
        let decoded = try GenericSender.decode(try await payload(of: request))
        if decoded.entries.isEmpty {
            let reason = decoded.notes.isEmpty ? "there is no alert in it" : decoded.notes.joined(separator: "; ")
            return .json(["status": "ignored", "reason": reason])
        }
        var outcomes = [EntryAnswer?](repeating: nil, count: decoded.entries.count)
        var events: [(index: Int, event: AlertEvent)] = []
        for (index, entry) in decoded.entries.enumerated() {
            switch entry {
            case .rejected(let faults): outcomes[index] = .rejected(faults)
            case .event(let event):
                if let fault = teamFault(of: event, from: source) {
                    outcomes[index] = .rejected([fault])
                } else {
                    events.append((index, event))
                }
            }
        }
        let results = await services.ingest.receive(events.map(\.event), from: source)
        for ((index, _), result) in zip(events, results) {
            if case .failed(let reason) = result { throw Problem.unavailable(reason) }
            outcomes[index] = .stored(result)
        }
        return answer(outcomes.compactMap(\.self), isList: decoded.isList)
    }

    private func payload(of request: Request) async throws -> Payload {
        var request = request
        let body = try await request.collectBody(upTo: Payload.Limits.body)
        return Payload(
            body: Array(body.readableBytesView), contentType: request.headers[.contentType],
            receivedAt: services.time.now())
    }

    private func teamFault(of event: AlertEvent, from source: AlertSource) -> FieldFault? {
        do {
            _ = try services.ingest.team(of: event, from: source)
            return nil
        } catch {
            switch error {
            case .unknown(let name): return FieldFault("team", "There is no team “\(name.prefix(100))”.")
            case .notAllowed(let name):
                return FieldFault(
                    "team", "This source may not send to the team “\(name.prefix(100))”; use a source of that team.")
            }
        }
    }

    private func answer(_ outcomes: [EntryAnswer], isList: Bool) -> Response {
        if outcomes.allSatisfy(\.isRejected) {
            let faults = outcomes.enumerated().flatMap { index, outcome in
                outcome.faults.map { FieldFault(isList ? "[\(index)].\($0.field)" : $0.field, $0.explanation) }
            }
            return Problem(PayloadError.unprocessable(faults)).response()
        }
        let status = outcomes.contains(where: \.isCreated) ? HTTPResponse.Status.created : .ok
        let answers = outcomes.map { AlertAnswer($0, baseURL: services.settings.baseURL) }
        if isList { return .json(["results": answers], status: status) }
        return .json(answers[0], status: status)
    }
}

/// What became of one entry of a body.
enum EntryAnswer {
    case stored(AlertResult)
    case rejected([FieldFault])

    var isRejected: Bool { !faults.isEmpty }
    var faults: [FieldFault] { if case .rejected(let faults) = self { faults } else { [] } }
    var isCreated: Bool { if case .stored(.opened) = self { true } else { false } }
}

/// One entry's answer in JSON.
struct AlertAnswer: Encodable {
    struct Fault: Encodable { let field, explanation: String }
    struct Reference: Encodable {
        let id: String
        let number: Int
        let url: String
        let state: String
        let alertCount: Int
    }

    let status: String
    let incident: Reference?
    let reason: String?
    let errors: [Fault]?

    init(_ outcome: EntryAnswer, baseURL: String) {
        let reference = { (incident: Incident) in
            Reference(
                id: incident.id.rawValue, number: incident.number, url: "\(baseURL)/incidents/\(incident.number)",
                state: incident.state.name.rawValue, alertCount: incident.alertCount)
        }
        var (incident, reason, errors): (Reference?, String?, [Fault]?) = (nil, nil, nil)
        switch outcome {
        case .stored(.opened(let opened)): (status, incident) = ("created", reference(opened))
        case .stored(.updated(let updated)): (status, incident) = ("updated", reference(updated))
        case .stored(.resolved(let resolved)): (status, incident) = ("resolved", reference(resolved))
        case .stored(.ignored(let found, let why)): (status, incident, reason) = ("ignored", found.map(reference), why)
        case .stored(.failed(let why)): (status, reason) = ("failed", why)
        case .rejected(let faults):
            status = "rejected"
            errors = faults.map { Fault(field: $0.field, explanation: $0.explanation) }
        }
        self.incident = incident
        self.reason = reason
        self.errors = errors
    }
}
