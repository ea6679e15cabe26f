internal import HTTPTypes
internal import Hummingbird

/// Lets web pages of the origins in `ALLOWED_ORIGINS` read the API (https://fetch.spec.whatwg.org/#http-cors-protocol).
///
/// Across origins, only tokens and keys grant access, so credentials such as cookies are not allowed.
struct CrossOriginMiddleware: RouterMiddleware {
    /// Origins, or `*` for any origin.
    let allowed: [String]

    func handle(
        _ request: Request, context: RouteContext,
        next: (Request, RouteContext) async throws -> Response
    ) async throws -> Response {
        guard let origin = request.headers[.origin], allowed.contains("*") || allowed.contains(origin) else {
            return try await next(request, context)
        }
        let isPreflight = request.method == .options && request.headers[.accessControlRequestMethod] != nil
        var response = isPreflight ? Response(status: .noContent) : try await next(request, context)
        response.headers[.accessControlAllowOrigin] = allowed.contains("*") ? "*" : origin
        response.headers[.vary] = "Origin"
        if isPreflight {
            response.headers[.accessControlAllowMethods] = "GET, POST, PUT, PATCH, DELETE"
            response.headers[.accessControlAllowHeaders] =
                "Authorization, Content-Type, X-API-Key, X-Alert-Source-Key, Idempotency-Key"
            response.headers[.accessControlMaxAge] = "600"
        }
        return response
    }
}
