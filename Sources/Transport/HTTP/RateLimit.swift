internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Synchronization

/// Counts the API requests of each token in windows of one minute, in this process. Alerts, health and pages for people are
/// never counted.
package final class RateLimits: Sendable {
    private static let window: Duration = .seconds(60)
    /// Tokens that are counted at once. Beyond that, the oldest windows go first.
    private static let most = 10_000

    private struct Count {
        var began: Timestamp
        var requests: Int
    }

    /// Requests in a minute. Nil for no limit.
    private let limit: Int?
    private let counts = Mutex<[String: Count]>([:])

    package init(limit: Int?) { self.limit = limit }

    /// Where a caller stands after a request.
    struct Standing {
        let limit: Int
        let remaining: Int
        let seconds: Int
        let isOver: Bool
    }

    /// Counts a request. Nil when there is no limit.
    func count(_ caller: String, at now: Timestamp) -> Standing? {
        guard let limit else { return nil }
        return counts.withLock { counts in
            if counts.count >= Self.most, counts[caller] == nil {
                counts = counts.filter { now - $0.value.began < Self.window }
                if counts.count >= Self.most { counts.removeAll() }
            }
            var count = counts[caller] ?? Count(began: now, requests: 0)
            if now - count.began >= Self.window || now < count.began { count = Count(began: now, requests: 0) }
            count.requests += 1
            counts[caller] = count
            let left = (count.began + Self.window) - now
            return Standing(
                limit: limit, remaining: max(0, limit - count.requests),
                seconds: max(1, Int(left.components.seconds + (left.components.attoseconds > 0 ? 1 : 0))),
                isOver: count.requests > limit)
        }
    }
}

extension Services {
    /// Counts the request of a program and says in the answer where it stands. A browser's session is not counted.
    func counted(_ caller: Caller, _ answer: () async throws -> Response) async throws -> Response {
        guard caller.via != nil, let standing = rateLimits.count(caller.identity, at: time.now())
        else { return try await answer() }
        guard !standing.isOver else { throw standing.refusal }
        var response: Response
        do {
            response = try await answer()
        } catch {
            let problem = apiProblem(from: error)
            guard problem.status.code < 500 else { throw error }
            response = problem.response()
        }
        for field in standing.headers { response.headers[field.name] = field.value }
        return response
    }
}

extension RateLimits.Standing {
    /// The headers of draft-ietf-httpapi-ratelimit-headers.
    var headers: HTTPFields {
        var headers = HTTPFields()
        if let name = HTTPField.Name("RateLimit-Policy") { headers[name] = "\"token\";q=\(limit);w=60" }
        if let name = HTTPField.Name("RateLimit") { headers[name] = "\"token\";r=\(remaining);t=\(seconds)" }
        return headers
    }

    var refusal: APIProblem {
        var headers = headers
        headers[.retryAfter] = String(seconds)
        return APIProblem(
            .tooManyRequests, "Too many requests",
            "This token sent more than \(limit) requests in a minute. Wait \(seconds) seconds.", headers: headers)
    }
}
