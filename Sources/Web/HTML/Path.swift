internal import Domain

/// An address within PagerPal: a path from its root, with its query. What is put into it is percent-encoded, so that
/// no value can leave its place.
struct Path: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    let text: String

    /// Literals are the program's own paths and begin with one slash.
    init(stringLiteral text: String) { self.text = text }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    private init(text: String) { self.text = text }

    /// A path that came from outside, like where to go after signing in; nil for one that could lead elsewhere.
    init?(untrusted text: String) {
        let bytes = Array(text.utf8)
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2_000, bytes.dropFirst().first != UInt8(ascii: "/"),
            bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }

    /// The same path with a query; empty values are left out.
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
        /// A path that goes on: `\(path)/edit`.
        mutating func appendInterpolation(_ path: Path) { text += path.text }
        mutating func appendInterpolation<Entity>(_ id: ID<Entity>) { text += percentEncoded(id.rawValue) }
    }
}

/// An http or https address that leads out of PagerPal, like a link of an alert.
struct WebAddress: Sendable, Hashable {
    let text: String

    /// Nil for what is no such address: a script, a relative path, something with control characters.
    init?(_ text: String) {
        let lower = text.prefix(8).lowercased()
        guard lower.hasPrefix("https://") || lower.hasPrefix("http://"), text.utf8.count <= 4_000,
            text.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0.value != 0x7f })
        else { return nil }
        self.text = text
    }
}

/// A text in which everything is encoded but what RFC 3986 calls unreserved.
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
