internal import Domain

/// An absolute path within PagerPal, with its query. Interpolated values are percent-encoded, so that no value can
/// change the path's structure.
struct Path: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String

    /// String literals are trusted paths and start with exactly one slash.
    init(stringLiteral text: String) { self.text = text }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(text: String) { self.text = text }

    /// A path from an untrusted source, such as the target after signing in. Nil if it could lead to another site.
    init?(untrusted text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2_000, bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// Returns the path with a query. Empty values are omitted.
    func with(_ query: [(name: String, value: String)]) -> Path {
        let pairs = query.filter { !$0.value.isEmpty }.map { "\(percentEncoded($0.name))=\(percentEncoded($0.value))" }
        guard !pairs.isEmpty else { return self }
        return Path(text: text + (text.contains("?") ? "&" : "?") + pairs.joined(separator: "&"))
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ number: Int) { text += String(number) }
        mutating func appendInterpolation(_ part: String) { text += percentEncoded(part) }
        /// Appends to a path: `\(path)/edit`.
        mutating func appendInterpolation(_ path: Path) { text += path.text }
        mutating func appendInterpolation<Entity>(_ id: ID<Entity>) { text += percentEncoded(id.rawValue) }
    }
}

/// An http or https URL outside PagerPal, such as a link in an alert.
struct WebAddress: Sendable, Hashable {
    let text: String

    /// Nil for anything else: a script, a relative path, control characters.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 4_000,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f })
        else { return nil }
        self.text = text
    }
}

/// Percent-encodes everything except the unreserved characters of RFC 3986.
func percentEncoded(_ text: String) -> String {
    var result = ""
    let digits = Array("0123456789ABCDEF")
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            result.unicodeScalars.append(Unicode.Scalar(byte))
        default:
            result.append("%")
            result.append(digits[Int(byte >> 4)])
            result.append(digits[Int(byte & 15)])
        }
    }
    return result
}
