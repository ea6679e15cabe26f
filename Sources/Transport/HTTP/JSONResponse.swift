internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// How the keys of a response are written.
enum MemberNames {
    /// As in all of PagerPal's own responses.
    case snakeCase
    /// Like the Swift properties, for responses in another system's form.
    case asWritten
}

/// Encodes a value as JSON.
func jsonBytes(_ value: some Encodable, names: MemberNames = .snakeCase) -> ByteBuffer {
    let encoder = JSONEncoder()
    switch names {
    case .snakeCase: encoder.keyEncodingStrategy = .convertToSnakeCase
    case .asWritten: encoder.keyEncodingStrategy = .useDefaultKeys
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Our responses contain only strings and numbers, which can always be encoded.
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return ByteBuffer(bytes: data)
}

extension Response {
    /// A JSON response of the API.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, names: MemberNames = .snakeCase
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: jsonBytes(value, names: names)))
    }
}

/// One page of a list, with the cursor of the next page.
struct ListAnswer<Item: Encodable>: Encodable {
    let items: [Item]
    let next: String?

    private enum Keys: String, CodingKey { case items, next }

    /// Writes `next` even if it is null.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(items, forKey: .items)
        try container.encode(next, forKey: .next)
    }
}
