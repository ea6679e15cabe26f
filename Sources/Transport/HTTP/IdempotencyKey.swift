internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Store

/// The header `Idempotency-Key` of a POST: sent again with the same key, a request is answered again and not done again
/// (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/).
struct IdempotencyKey {
    /// A longer answer isn't kept, so a repeat of its request is refused.
    private static let limit = 256 << 10
    private static let kept: [HTTPField.Name] = [.contentType, .eTag, .location, .retryAfter]

    let services: Services
    private let owner: String
    private let name: String

    /// Nil if the request has no such header.
    ///
    /// - Throws: a 400 for a key that is empty or longer than 255 characters.
    init?(_ request: Request, of caller: Caller, _ services: Services) throws {
        guard request.method == .post, let field = HTTPField.Name("Idempotency-Key"), let text = request.headers[field]
        else { return nil }
        // A structured string has quotes. Many clients leave them out.
        let isQuoted = text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
        name = isQuoted ? String(text.dropFirst().dropLast()) : text
        guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ (32...126).contains($0) }) else {
            throw APIProblem(
                .badRequest, "Idempotency-Key is not usable", "Send 1 to 255 printable characters, such as a new UUID.")
        }
        owner = caller.identity
        self.services = services
    }

    /// Handles the request, or returns the answer that it got before.
    func answer(
        _ request: Request, _ handle: (Request) async throws -> Response
    ) async throws -> Response {
        var request = request
        let body = try await request.collectBody(upTo: 2 << 20)
        let asked = sha256("\(request.uri.string)\u{1f}\(sha256(String(buffer: body)))")
        switch try await services.store.claimIdempotency(
            owner: owner, name: name, request: asked, at: services.time.now())
        {
        case .first: return try await first(request, handle)
        case .done(let status, let answer): return try stored(status, answer)
        case .busy:
            throw APIProblem(
                .conflict, "Still in work",
                "A request with this Idempotency-Key is being handled. Ask again in a moment.",
                headers: [.retryAfter: "1"])
        case .other:
            throw APIProblem(
                .unprocessableContent, "Key used before",
                "This Idempotency-Key was used with another request. Make a new key for each request.")
        }
    }

    private func first(_ request: Request, _ handle: (Request) async throws -> Response) async throws -> Response {
        let response: Response
        do {
            response = try await handle(request)
        } catch {
            let problem = apiProblem(from: error)
            // What failed here may succeed when it is sent again.
            if problem.status.code < 500 { try? await keep(problem.response()) } else { await forget() }
            throw error
        }
        // It is done, even if the answer can't be stored.
        try? await keep(response)
        return response
    }

    private func keep(_ response: Response) async throws {
        let collected = CollectedBody()
        try await response.body.write(BodyCollector(body: collected))
        guard response.status.code < 500, collected.bytes.count <= Self.limit else { return await forget() }
        let headers = Self.kept.compactMap { name in
            response.headers[name].map { (name: name.rawName, value: JSON.string($0)) }
        }
        let text = JSON.members([
            ("headers", .members(headers)), ("body", .string(String(decoding: collected.bytes, as: UTF8.self))),
        ])
        let sealed = try services.seal.seal(Array(text.description.utf8), of: "answer:\(owner):\(name)")
        try await services.store.answerIdempotency(
            owner: owner, name: name, status: response.status.code, answer: sealed)
    }

    private func forget() async { try? await services.store.forgetIdempotency(owner: owner, name: name) }

    private func stored(_ status: Int, _ answer: String) throws -> Response {
        guard let bytes = services.seal.open(answer, of: "answer:\(owner):\(name)"),
            let json = try? JSONParser.parse(bytes), let body = json["body"]?.text
        else {
            throw APIProblem(
                .conflict, "Answer not readable",
                "The request was handled, but its answer was stored under another SECRET_KEY.")
        }
        var headers: HTTPFields = [.cacheControl: "no-store"]
        for member in json["headers"]?.object?.members ?? [] {
            if let name = HTTPField.Name(member.name) { headers[name] = member.value.text }
        }
        if let name = HTTPField.Name("Idempotency-Replayed") { headers[name] = "true" }
        return Response(
            status: HTTPResponse.Status(code: status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(string: body)))
    }
}

/// The bytes of a response's body.
private final class CollectedBody {
    var bytes: [UInt8] = []
}

private struct BodyCollector: ResponseBodyWriter {
    let body: CollectedBody

    mutating func write(_ buffer: ByteBuffer) { body.bytes += Array(buffer.readableBytesView) }

    consuming func finish(_ trailingHeaders: HTTPFields?) {}
}
