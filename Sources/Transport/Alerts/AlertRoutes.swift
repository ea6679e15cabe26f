internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore

/// /api/v1/alerts receives alerts from monitoring systems. A 2xx status means that they are committed.
struct AlertRoutes: Sendable {
    package let services: Services

    /// Senders that use GET. Netdata verifies the URL with a challenge; the others can send alerts with GET.
    private static let readers = ["netdata", "uptime-kuma", "healthchecks"]

    package func add(to routes: RouteTable) {
        for method in [HTTPRequest.Method.get, .post, .put] {
            routes.on(method, "/api/v1/alerts") { request, _ in try await receive(request, as: nil) }
        }
        refuseHead(of: "/api/v1/alerts", in: routes)
        for method in [HTTPRequest.Method.post, .put] {
            routes.on(method, "/api/v1/alerts/{kind}") { request, context in
                try await receive(request, as: try await kind(context, of: request))
            }
        }
        // The addresses of the old API.
        for kind in ["grafana", "cloudwatch"] {
            routes.on(.post, "/api/v1/webhooks/\(kind)") { request, _ in try await receive(request, as: kind) }
        }
        for kind in AlertRoutes.readers {
            for method in [HTTPRequest.Method.get, .post, .put] {
                routes.on(method, "/api/v1/alerts/\(kind)") { request, _ in try await receive(request, as: kind) }
            }
            refuseHead(of: "/api/v1/alerts/\(kind)", in: routes)
        }
    }

    /// GET sends an alert here, so HEAD can't be the same without its answer.
    private func refuseHead(of path: String, in routes: RouteTable) {
        routes.router.on(RouterPath(path), method: .head) { _, _ -> Response in
            throw APIProblem(
                .methodNotAllowed, "Method not allowed", "This address accepts GET, POST, PUT.",
                headers: [.allow: "GET, POST, PUT"])
        }
    }

    func kind(_ context: RouteContext, of request: Request) async throws -> String {
        let name = context.parameters.get("kind") ?? ""
        guard Integrations.integration(for: name) != nil else {
            let known = Integrations.all.map { $0.kind }.joined(separator: ", ")
            let advice = await WrongAddress(services: services).remember(request, methods: "")
            let words = "There is no sender “\(name.prefix(50))”. Use one of: \(known)."
            throw APIProblem(.notFound, "Not found", [advice, words].compactMap(\.self).joined(separator: " "))
        }
        return name
    }

    private func receive(_ request: Request, as kind: String?) async throws -> Response {
        try await receive(request, as: kind, key: request.sourceKey)
    }

    /// - Parameter isPlain: whether the sender takes nothing but 200 for a success.
    func receive(_ request: Request, as kind: String?, key: String?, isPlain: Bool = false) async throws -> Response {
        let intake = IngestPipeline(services: services)
        let source: AlertSource
        do {
            source = try await intake.source(key)
        } catch {
            await WrongAddress(services: services).rememberDisabled(request, key: key)
            throw error
        }
        var payload = try await intake.payload(of: request)
        payload.query["apiKey"] = nil
        let taken = try await intake.take(payload, from: source, as: kind, key: key ?? "")
        return answer(taken, isPlain: isPlain || taken.decoded.prefersOK)
    }

    private func answer(_ taken: IngestResult, isPlain: Bool) -> Response {
        if case .answer(let text) = taken.decoded.request {
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
        let outcomes = taken.outcomes
        if outcomes.isEmpty {
            let notes = taken.decoded.notes
            return .json([
                "status": "ignored",
                "reason": notes.isEmpty ? "it contains no alert" : notes.joined(separator: "; "),
            ])
        }
        let isList = taken.decoded.isList
        if outcomes.allSatisfy(\.isRejected) {
            let faults = outcomes.enumerated().flatMap { index, outcome in
                outcome.faults.map { FieldFault(isList ? "[\(index)].\($0.field)" : $0.field, $0.explanation) }
            }
            return APIProblem(PayloadError.unprocessable(faults)).response()
        }
        let status = !isPlain && outcomes.contains(where: \.isCreated) ? HTTPResponse.Status.created : .ok
        let answers = outcomes.map { $0.json(baseURL: services.settings.baseURL) }
        return .json(isList ? .members([("results", .array(answers))]) : answers[0], status: status)
    }
}

extension EntryAnswer {
    /// The answer for one entry. Every alert gets one, so it is made without an encoder.
    func json(baseURL: String) -> JSON {
        let reference = incident.map { incident -> JSON in
            .members([
                ("alert_count", .number(String(incident.alertCount))), ("id", .string(incident.id.rawValue)),
                ("number", .number(String(incident.number))), ("state", .string(incident.state.name.rawValue)),
                ("url", .string("\(baseURL)/incidents/\(incident.number)")),
            ])
        }
        let errors = faults.map { fault -> JSON in
            .members([("explanation", .string(fault.explanation)), ("field", .string(fault.field))])
        }
        return .members([
            ("errors", isRejected ? .array(errors) : .null), ("incident", reference ?? .null),
            ("reason", reason.map(JSON.string) ?? .null), ("status", .string(word)),
        ])
    }

    /// The result as one word, for responses and payload notes.
    var word: String {
        switch self {
        case .stored(.opened): "created"
        case .stored(.updated): "updated"
        case .stored(.resolved): "resolved"
        case .stored(.ignored): "ignored"
        case .stored(.failed): "failed"
        case .rejected: "rejected"
        }
    }

    var reason: String? {
        switch self {
        case .stored(.ignored(_, let why)), .stored(.failed(let why)): why
        case .stored(.opened), .stored(.updated), .stored(.resolved), .rejected: nil
        }
    }
}
