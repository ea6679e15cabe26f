internal import Formats

/// How a value is written into the text around it, so that it stays one value there.
package enum TextEscaping: Sendable, Hashable {
    /// The inside of a JSON string.
    case json
    /// Everything but the unreserved characters (RFC 3986, 2.3).
    case percent
    /// Text and attributes of XML and HTML.
    case markup
    case none

    /// - Parameter contentType: a media type, such as `application/vnd.example+json; charset=utf-8`.
    package init(contentType: String) {
        let type = contentType.lowercased().prefix { $0 != ";" }
        if type.contains("json") {
            self = .json
        } else if type.contains("form-urlencoded") {
            self = .percent
        } else {
            self = type.contains("xml") || type.contains("html") ? .markup : .none
        }
    }

    package func escaped(_ text: String) -> String {
        switch self {
        case .json: return String(JSON.string(text).description.dropFirst().dropLast())
        case .percent: return percentEncoded(text)
        case .markup:
            return text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
                .replacing("\"", with: "&quot;")
        case .none: return text
        }
    }

    private func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
