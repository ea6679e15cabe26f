internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// How the members of an answer are named.
enum MemberNames {
    /// As all of PagerPal's own.
    case snakeCase
    /// As the properties are, for answers in another system's form.
    case asWritten
}

/// A value as JSON.
func jsonBytes(_ value: some Encodable, names: MemberNames = .snakeCase) -> ByteBuffer {
    let encoder = JSONEncoder()
    switch names {
    case .snakeCase: encoder.keyEncodingStrategy = .convertToSnakeCase
    case .asWritten: encoder.keyEncodingStrategy = .useDefaultKeys
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // Our own answers hold texts and numbers only, which can always be encoded.
    let data = (try? encoder.encode(value)) ?? Data("{}".utf8)
    return ByteBuffer(bytes: data)
}

extension Response {
    /// An answer of the API.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, names: MemberNames = .snakeCase
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: jsonBytes(value, names: names)))
    }
}

/// A page of a list with the cursor of the next one.
struct ListAnswer<Item: Encodable>: Encodable {
    let items: [Item]
    let next: String?

    private enum Keys: String, CodingKey { case items, next }

    /// `next` is written also when there is none.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(items, forKey: .items)
        try container.encode(next, forKey: .next)
    }
}
