internal import Domain
internal import Foundation

/// A vendor's answer, read once.
package struct VendorAnswer {
    package let status: Int
    /// The body, if it is a JSON object.
    package let json: [String: Any]
    /// The body as text.
    package let text: String
    /// The pause that the header Retry-After asks for.
    package let retryAfter: Duration?

    init(_ response: CurlResponse, retryAfter: Duration?) {
        status = response.status
        json = (try? JSONSerialization.jsonObject(with: Data(response.body))) as? [String: Any] ?? [:]
        text = String(decoding: response.body, as: UTF8.self)
        self.retryAfter = retryAfter
    }

    package var isSuccess: Bool { (200..<300).contains(status) }

    package func string(_ member: String) -> String? {
        switch json[member] {
        case let text as String: text
        case let number as NSNumber: number.stringValue
        default: nil
        }
    }

    /// Returns a pause in seconds from a member, bounded to an hour.
    static func seconds(_ value: Any?) -> Duration? {
        guard let number = (value as? NSNumber)?.doubleValue, number >= 0, number.isFinite else { return nil }
        return .seconds(min(number, 3_600))
    }
}

/// Writes the bodies of requests.
package enum RequestBody {
    /// JSON with its keys in alphabetical order.
    static func json(_ object: [String: Any]) -> [UInt8] {
        let data = try? JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes])
        return Array(data ?? Data("{}".utf8))
    }

    /// `application/x-www-form-urlencoded`.
    static func form(_ fields: [(name: String, value: String)]) -> [UInt8] {
        Array(fields.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }.joined(separator: "&").utf8)
    }

    static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }

    /// Encodes everything but the unreserved characters (RFC 3986, 2.3).
    static func percentEncoded(_ text: String) -> String { TextEscaping.percent.escaped(text) }

    /// A text in HTML or XML.
    static func markupEscaped(_ text: String) -> String { TextEscaping.markup.escaped(text) }
}
