internal import Domain
internal import HTTPTypes
package import Hummingbird
internal import Logging

/// Turns errors into problems, or into HTML for browsers. Also logs and counts each request.
/// The log omits the query, because it may contain keys.
struct RequestMiddleware: RouterMiddleware {
    package let paths: KnownPaths
    let tally: RequestTally
    let services: Services
    /// Whether browsers reach PagerPal by https only.
    let isSecure: Bool
    /// Renders an error for a browser.
    let errorPage: RouteTable.ErrorPage

    func handle(
        _ request: Request, context: RouteContext,
        next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await CurrentClient.$address.withValue(services.address(of: request, context)) {
                try await CurrentClient.$vouched.withValue(services.vouchedAddress(request, context)) {
                    try await next(request, context)
                }
            }
        } catch let error as HTTPError where error.status == .notFound {
            response = answer(await missing(request), to: request)
        } catch {
            let problem = apiProblem(from: error)
            if problem.status.code >= 500 { log(error, problem, request, context) }
            response = answer(problem, to: request)
        }
        if let id = HTTPField.Name("X-Request-Id") { response.headers[id] = context.id }
        for (name, value) in safeHeaders(isSecure: isSecure) where response.headers[name] == nil {
            response.headers[name] = value
        }
        let duration = ContinuousClock.now - start
        tally.count(request.method, response.status.code, duration)
        let level: Logger.Level = response.status.code >= 400 ? .info : .debug
        context.logger.log(
            level: level, "request",
            metadata: [
                "method": "\(request.method)", "path": "\(redacted(request.uri.path))",
                "status": "\(response.status.code)",
                "duration": "\(duration)",
            ])
        return response
    }

    /// Headers of every answer, whatever it contains: nothing is guessed, framed, run or told to others.
    private func safeHeaders(isSecure: Bool) -> [(HTTPField.Name, String)] {
        var headers = [
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
            ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
            ("Cross-Origin-Opener-Policy", "same-origin"),
        ]
        // Two years, as hstspreload.org asks for.
        if isSecure { headers.append(("Strict-Transport-Security", "max-age=63072000")) }
        return headers.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }

    private func answer(_ problem: APIProblem, to request: Request) -> Response {
        guard request.method == .get, request.headers[.accept]?.contains("text/html") == true else {
            return problem.response()
        }
        return errorPage(problem)
    }

    private func missing(_ request: Request) async -> APIProblem {
        let methods = paths.methods(of: request.uri.path)
        let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
        let advice = await WrongAddress(services: services).remember(request, methods: allowed)
        guard !methods.isEmpty else {
            return advice.map { APIProblem(.notFound, "Not found", $0) } ?? .notFound("such address")
        }
        return APIProblem(
            .methodNotAllowed, "Method not allowed", advice ?? "This address accepts \(allowed).",
            headers: [.allow: allowed])
    }
}

/// Logs a server error, with the details that are kept out of the response.
package func log(_ error: any Error, _ problem: APIProblem, _ request: Request, _ context: RouteContext) {
    context.logger.error(
        "request failed",
        metadata: ["path": "\(redacted(request.uri.path))", "error": "\(problem.cause ?? "\(error)")"])
}

/// Removes the secret from the paths of links that act for a user.
private func redacted(_ path: String) -> String {
    let secrets = [
        "/a/", "/password/reset/", "/profile/email/", "/calendar/", "/api/v1/heartbeats/\(Heartbeat.tokenPrefix)",
        "/alertmanager/", "/integrations/generic/20131114/alert/",
    ]
    for secret in secrets where path.hasPrefix(secret) { return secret + "…" }
    return path
}
