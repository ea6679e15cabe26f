internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import Synchronization

/// Registers routes and remembers which methods each path has, to tell 405 from 404.
struct RouteTable {
    typealias Handler = @Sendable (Request, BasicRequestContext) async throws -> Response

    let router = Router(context: BasicRequestContext.self)
    let paths = KnownPaths()

    init(allowedOrigins: [String]) {
        router.add(middleware: CrossOriginMiddleware(allowed: allowedOrigins))
        router.add(middleware: RequestMiddleware(paths: paths))
    }

    /// - Parameter path: with parameters in braces, like `/api/v1/incidents/{number}`.
    func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        router.on(RouterPath(path), method: method, use: handler)
        paths.add(method, path)
    }
}

/// The paths that exist and their methods.
final class KnownPaths: Sendable {
    private struct Entry {
        let segments: [Substring]
        let method: HTTPRequest.Method
    }

    private let entries = Mutex<[Entry]>([])

    func add(_ method: HTTPRequest.Method, _ path: String) {
        entries.withLock { $0.append(Entry(segments: path.split(separator: "/"), method: method)) }
    }

    /// The methods of a path; empty when there is no such path.
    func methods(of path: String) -> [HTTPRequest.Method] {
        let asked = path.split(separator: "/")
        return entries.withLock { entries in
            entries.filter { entry in
                entry.segments.count == asked.count
                    && zip(entry.segments, asked).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
            }.map(\.method)
        }
    }
}

/// Turns every error into a problem, and logs each request with its id. Queries are left out: they may hold keys.
struct RequestMiddleware: RouterMiddleware {
    let paths: KnownPaths

    func handle(
        _ request: Request, context: BasicRequestContext,
        next: (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var response: Response
        do {
            response = try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            response = missing(request).response()
        } catch {
            let problem = problem(from: error)
            if problem.status.code >= 500 {
                context.logger.error(
                    "request failed",
                    metadata: ["path": "\(redacted(request.uri.path))", "error": "\(problem.cause ?? "\(error)")"])
            }
            response = problem.response()
        }
        if let id = HTTPField.Name("X-Request-Id") { response.headers[id] = context.id }
        let level: Logger.Level = response.status.code >= 400 ? .info : .debug
        context.logger.log(
            level: level, "request",
            metadata: [
                "method": "\(request.method)", "path": "\(redacted(request.uri.path))",
                "status": "\(response.status.code)",
                "duration": "\(ContinuousClock.now - start)",
            ])
        return response
    }

    /// Links that act for a person carry their secret in the path.
    private func redacted(_ path: String) -> String { path.hasPrefix("/a/") ? "/a/…" : path }

    private func missing(_ request: Request) -> Problem {
        let methods = paths.methods(of: request.uri.path)
        guard !methods.isEmpty else { return .notFound("such address") }
        let allowed = methods.map(\.rawValue).sorted().joined(separator: ", ")
        return Problem(
            .methodNotAllowed, "Method not allowed", "This address takes \(allowed).", headers: [.allow: allowed])
    }
}
