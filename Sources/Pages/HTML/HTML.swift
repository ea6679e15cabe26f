/// Markup that is known to be escaped: only the functions of this file can make it from a text.
package struct HTML: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// The markup.
    package let markup: String

    /// Literals are the program's own markup.
    package init(stringLiteral markup: String) { self.markup = markup }

    package init(stringInterpolation: StringInterpolation) { markup = stringInterpolation.markup }

    /// A text with everything escaped that could be taken for markup, in content and in quoted attributes.
    package init(text: String) { markup = escaped(text) }

    /// Pieces one after another.
    package init(_ pieces: [HTML]) { markup = pieces.map(\.markup).joined() }

    /// Interpolated texts are escaped, interpolated markup stays.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        package init(literalCapacity: Int, interpolationCount: Int) { markup.reserveCapacity(literalCapacity * 2) }

        package mutating func appendLiteral(_ literal: String) { markup += literal }
        package mutating func appendInterpolation(_ html: HTML) { markup += html.markup }
        package mutating func appendInterpolation(_ pieces: [HTML]) { for piece in pieces { markup += piece.markup } }
        package mutating func appendInterpolation(_ text: String) { markup += escaped(text) }
        package mutating func appendInterpolation(_ number: Int) { markup += String(number) }
    }
}

private func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
        switch scalar {
        case "&": result += "&amp;"
        case "<": result += "&lt;"
        case ">": result += "&gt;"
        case "\"": result += "&quot;"
        case "'": result += "&#39;"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return result
}
