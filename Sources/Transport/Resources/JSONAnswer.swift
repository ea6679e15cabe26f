internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

extension Response {
    /// A JSON response of the management API.
    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: value.bytes)))
    }
}

extension JSON {
    /// One page of a list. Writes `next` even if it is null.
    static func members(_ members: [(name: String, value: JSON)], next: String?) -> JSON {
        var object = JSONObject()
        for (name, value) in members { object[name] = value }
        object["next"] = next.map { .string($0) } ?? .null
        return .object(object)
    }
}

/// Parses the body of a request, which must be a JSON object.
func objectBody(of request: Request) async throws -> JSON {
    let body = try await json(of: request)
    guard body.object != nil else { throw APIProblem(.badRequest, "Malformed body", "Send a JSON object.") }
    return body
}
